import { expect, test } from "vitest";
import { parseChallenge } from "./challenge.ts";

test.each([
  ['Basic realm="x"', { scheme: "basic" }],
  [
    'Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull,push"',
    {
      scheme: "bearer",
      realm: "https://auth.example/token",
      service: "registry",
      scope: "repository:a/b:pull,push",
    },
  ],
  ["bearer realm=https://auth.example/token", { scheme: "bearer", realm: "https://auth.example/token" }],
  ['Bearer service="no realm"', undefined],
  ["Negotiate", undefined],
  ["", undefined],
])("%s", (header, expected) => {
  expect(parseChallenge(header)).toEqual(expected);
});
