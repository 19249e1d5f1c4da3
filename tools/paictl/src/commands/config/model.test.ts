import { expect, test } from "vitest";
import { selectKeys } from "./model.ts";

const whole = new Map([
  ["cluster", 1],
  ["hbase", 2],
]);

test("prints the keys that are asked for, in their order", () => {
  expect([...selectKeys(whole, ["hbase", "cluster"]).keys()]).toEqual(["hbase", "cluster"]);
  expect(selectKeys(whole)).toBe(whole);
  expect(selectKeys(whole, ["all"])).toBe(whole);
});

test("a name that the model lacks is told with what was meant", () => {
  expect(() => selectKeys(whole, ["hbse"])).toThrow(
    expect.objectContaining({ message: 'the model has no "hbse"', hint: 'did you mean "hbase"?' }),
  );
});
