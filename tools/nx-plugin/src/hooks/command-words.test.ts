import { expect, test } from "vitest";
import { readWords } from "./command-words.ts";

const words = (text: string): ReturnType<typeof readWords> => readWords(["node", "nx", ...text.split(" ")]);

test("options are given with = or as the next word, and in both spellings", () => {
  expect(words("run web:build --config=a --config b --lock-file base.json").options).toEqual({
    config: "b",
    lockFile: "base.json",
    locked: false,
  });
  expect(words("run web:build --buildArg=A=1 --buildArg B --engine tcp://a:1 --locked").options).toEqual({
    buildArg: ["A=1", "B"],
    engine: ["tcp://a:1"],
    locked: true,
  });
});

test.each([
  ["run web:build", false],
  ["run web:build --no-cache", true],
  ["run web:build --cache=false", true],
  ["run web:build --pull", true],
  ["run web:build --pull=false", false],
  ["run-many -t build --args=--lockFile=base.json", true],
])("%s asks anew: %s", (text, asksAnew) => {
  expect(words(text).asksAnew).toBe(asksAnew);
});

test.each([
  ["run web:build-tools", true],
  ["affected -t check,push", true],
  ["deploy web", true],
  ["run-many -t check test", false],
])("%s has tasks of images: %s", (text, nameImageTasks) => {
  expect(words(text).nameImageTasks).toBe(nameImageTasks);
});
