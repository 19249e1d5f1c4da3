import { expect, test } from "vitest";
import { chooseRevision } from "./rollback.ts";

const revision = (number: number, state: "ready" | "applied") => ({
  number,
  state,
  time: "",
  tool: "",
  hash: "",
  images: [],
  objectCount: 1,
});

test.each([
  ["the one before", [revision(1, "ready"), revision(2, "ready")], undefined, 1],
  ["the last ready one after a failed start", [revision(3, "ready"), revision(4, "applied")], undefined, 3],
  [
    "none that was never ready",
    [revision(1, "ready"), revision(2, "applied"), revision(3, "ready")],
    undefined,
    1,
  ],
  ["any by its number", [revision(1, "applied"), revision(2, "ready")], 1, 1],
])("goes back to %s", (_, revisions, to, number) => {
  expect(chooseRevision(revisions, "store", to).number).toBe(number);
});

test("says what there is when there is nothing to go back to", () => {
  expect(() => chooseRevision([revision(1, "ready")], "store", undefined)).toThrow(
    "store has no earlier revision that was ready",
  );
  expect(() => chooseRevision([revision(1, "ready")], "store", 7)).toThrow(
    "store has no revision 7; the cluster keeps 1",
  );
});
