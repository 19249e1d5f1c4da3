import { expect, test } from "vitest";
import { nextTokens, type ImageTokens } from "./tokens.ts";

const one = "registry/one:c-1";
const two = "registry/one:c-2";
const next = (
  known: ImageTokens,
  receipt: string | undefined,
  present: Readonly<Record<string, "registry" | "engine">>,
): unknown =>
  nextTokens(["one"], known, {
    receipts: new Map(receipt === undefined ? [] : [["one", receipt]]),
    present: new Map(Object.entries(present)),
    newToken: () => "new",
  })["one"];

test("what was never built has a new token at every command", () => {
  expect(next({}, undefined, {})).toEqual({ token: "new", references: {} });
  expect(next({ one: { token: "old", references: {} } }, undefined, {})).toEqual({
    token: "new",
    references: {},
  });
});

test("the token under which an image was built stays while the image is there", () => {
  expect(next({ one: { token: "old", references: {} } }, one, { [one]: "engine" })).toEqual({
    token: "old",
    references: { [one]: "engine" },
  });
});

test("an earlier build under the same token must be there, too", () => {
  const known = { one: { token: "old", references: { [one]: "engine" } } } as const;
  expect(next(known, two, { [one]: "engine", [two]: "registry" })).toEqual({
    token: "old",
    references: { [one]: "engine", [two]: "registry" },
  });
  expect(next(known, two, { [two]: "registry" })).toEqual({ token: "new", references: {} });
});

test("an image that left the registry is missing, even where the engine has it", () => {
  const known = { one: { token: "old", references: { [one]: "registry" } } } as const;
  expect(next(known, one, { [one]: "engine" })).toEqual({ token: "new", references: {} });
});

test("one that came to the registry stays", () => {
  const known = { one: { token: "old", references: { [one]: "engine" } } } as const;
  expect(next(known, one, { [one]: "registry" })).toEqual({
    token: "old",
    references: { [one]: "registry" },
  });
});
