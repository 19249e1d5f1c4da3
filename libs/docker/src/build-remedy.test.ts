import { expect, test } from "vitest";
import { remedyOf } from "./build-remedy.ts";

const step = {
  root: "/nowhere",
  dockerfile: { path: "build/a.dockerfile", file: "src/a/build/a.dockerfile", text: "", instructions: [] },
  instruction: undefined,
  exit: undefined,
  text: "",
  lastLines: [],
};

test.each([
  ["127", "sh: mvn: not found", "a command of the step is not in the image"],
  ["126", "", "a command of the step may not be run"],
  ["137", "Killed", "the step was killed, mostly for want of memory"],
  ["6", "curl: (6) Could not resolve host: example.org", "the step found no such host: give a proxy"],
  ["1", "cp: write error: No space left on device", "the engine's disk is full"],
  ["1", "dial tcp 10.0.0.1:443: connection refused", "correct the step and build again"],
])("a step that ends with %s and %j", (exit, line, remedy) => {
  expect(remedyOf({ ...step, exit, text: "exit code", lastLines: [line] })).toContain(remedy);
});

const failed = "failed to copy: httpReadSeeker: failed open: failed to do request: Get";

test.each([
  [`${failed} "https://r:5000/v2/x/blobs/1": dial tcp: i/o timeout`, "check that r:5000 is up"],
  [`${failed} "https://r:5000/v2/x/blobs/1": EOF`, "check that r:5000 is up"],
  [`${failed} "https://r:5000/v2/x/blobs/1": x509: unknown authority`, "the certificates for r:5000 belong"],
  ["dockerfile parse error line 2: unknown instruction: FOO", "correct the line"],
])("the engine's words: %s", (text, remedy) => {
  expect(remedyOf({ ...step, text })).toContain(remedy);
});

test("what nobody knows a remedy for has none", () => {
  expect(remedyOf({ ...step, text: "something else" })).toBeUndefined();
});

test.each([
  [
    "COPY",
    ["dependency/lib/x", "/x"],
    "dependency/ holds the components that src/a/build/component.dep names",
  ],
  ["ADD", ["gone/*", "/"], "ADD reads from src/a, without what .dockerignore leaves out"],
])("%s %j of what is not there", (keyword, words, remedy) => {
  const instruction = { keyword, words, flags: [], line: 2 };
  expect(remedyOf({ ...step, instruction, text: "x: not found" })).toContain(remedy);
});
