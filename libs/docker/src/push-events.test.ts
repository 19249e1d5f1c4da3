import { expect, test } from "vitest";
import { digestOf, sumPush } from "./push-events.ts";

const digest = `sha256:${"0a".repeat(32)}`;

test("Docker names the digest in aux, Podman in its text only", () => {
  expect(digestOf({ aux: { Tag: "1", Digest: digest, Size: 528 } })).toBe(digest);
  expect(digestOf({ status: `c-1: digest: ${digest} size: 528` })).toBe(digest);
  expect(digestOf({ status: "Pushed", id: "a" })).toBeUndefined();
});

test("layers are summed, also when the engine sends more than it announced", () => {
  const sum = sumPush();
  expect(sum({ status: "Preparing", id: "a", progressDetail: {} })).toBeUndefined();
  expect(sum({ status: "Pushing", id: "a", progressDetail: { current: 10, total: 100 } })).toEqual({
    sent: 10,
    total: 100,
  });
  // The size announced is that of the files, what is sent is a tar with headers.
  expect(sum({ status: "Pushing", id: "b", progressDetail: { current: 60, total: 50 } })).toEqual({
    sent: 60,
    total: 150,
  });
});

test("a lost connection is told", () => {
  expect(sumPush()({ status: "Retrying in 5 seconds", id: "a" })).toEqual({
    sent: 0,
    total: 0,
    trouble: "Retrying in 5 seconds",
  });
});
