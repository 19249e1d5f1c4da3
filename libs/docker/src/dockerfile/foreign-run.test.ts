import { readInstructions } from "@pai/model";
import { expect, test } from "vitest";
import { findForeignRun } from "./foreign-run.ts";

const lineOf = (text: string): number | undefined =>
  findForeignRun(readInstructions(text).instructions, "linux/arm64", ["linux/amd64", "linux/386"])?.line;

test.each([
  ["FROM a\nCOPY x /\n", undefined],
  ["FROM a\nCOPY x /\nRUN x\n", 3],
  ["FROM --platform=$BUILDPLATFORM a AS b\nRUN x\nFROM b\nRUN x\nFROM a\nCOPY --from=b x /\n", undefined],
  ["FROM --platform=${BUILDPLATFORM} a AS b\nRUN x\nFROM a\nRUN x\n", 4],
  ["FROM --platform=linux/386 a\nRUN x\n", undefined],
  ["FROM --platform=linux/ppc64le a\nRUN x\n", 2],
])("%j needs another machine for its line %s", (text, line) => {
  expect(lineOf(text)).toBe(line);
});
