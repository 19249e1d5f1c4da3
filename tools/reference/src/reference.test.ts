import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { withoutShared } from "./commands.ts";
import { schemaTable } from "./schemas.ts";

test("docs/reference is what the commands say", () => {
  const main = path.join(import.meta.dirname, "main.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "--check"], { encoding: "utf8" });
  expect(stdout + stderr).toBe("");
  expect(status).toBe(0);
}, 60_000);

test("options that every command has are left out of its help", () => {
  const help = `demo run

Options:
      --version   Show version number                     [boolean]
      --output    lines, or objects
                                                  [choices: "json"]
  -n, --name      whom                                     [string]

Examples:
  demo run -n x  runs`;
  expect(withoutShared(help)).toBe(`demo run

Options:
  -n, --name      whom                                     [string]

Examples:
  demo run -n x  runs`);
});

test("a schema becomes a row for each key", () => {
  const table = schemaTable({
    properties: {
      list: { type: ["array", "null"], items: { type: "object", properties: { name: { type: "string" } } } },
      map: { type: "object", additionalProperties: { type: "integer", description: "a | b" } },
    },
  });
  expect(table.split("\n").slice(2)).toEqual([
    "| `list` | list of object |  |",
    "| `list[].name` | string |  |",
    "| `map` | object |  |",
    "| `map.*` | integer | a \\| b |",
  ]);
});
