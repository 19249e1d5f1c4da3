import { expect, test } from "vitest";
import { createMask } from "./secrets.ts";

test("masks every occurrence, the longer secret first", () => {
  expect(createMask(["hunter", "hunter22"])("login hunter22, not hunter")).toBe("login ***, not ***");
});

test("leaves very short values alone", () => {
  expect(createMask(["a", ""])("a banana")).toBe("a banana");
});
