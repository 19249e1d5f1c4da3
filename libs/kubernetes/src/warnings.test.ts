import { expect, test } from "vitest";
import { warningsIn } from "./warnings.ts";

test.each([
  [undefined, []],
  ['299 - "v1 Endpoints is deprecated in v1.33+"', ["v1 Endpoints is deprecated in v1.33+"]],
  ['299 - "unknown field \\"spec.x\\"", 299 - "second"', ['unknown field "spec.x"', "second"]],
  [
    ['299 - "one"', '299 - "two"'],
    ["one", "two"],
  ],
])("reads %j", (header, texts) => {
  expect(warningsIn(header)).toEqual(texts);
});
