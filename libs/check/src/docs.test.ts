import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedDocs } from "./docs.ts";

const root = new URL("../../../", import.meta.url);

test.each([...generatedDocs()])(
  "%s is what the rules and schemas say (node libs/check/tools/write-docs.ts)",
  (file, text) => {
    expect(readFileSync(new URL(file, root), "utf8")).toBe(text);
  },
);

test("no schema is left of a file that has none any more", () => {
  const files = readdirSync(new URL("docs/schemas", root))
    // The one of events is not made from rules.
    .filter((name) => name !== "event.schema.json")
    .map((name) => `docs/schemas/${name}`);
  expect([...generatedDocs().keys()]).toEqual(expect.arrayContaining(files));
});
