import { expect, test } from "vitest";
import { formatSettings } from "./explain-text.ts";

test("a line a setting: its value, and the file that has the last word on it", () => {
  const text = formatSettings("hbase", [
    {
      key: "hbase.port",
      value: 16020,
      origin: { kind: "default", location: { file: "src/hbase/config/hbase.yaml", line: 3, column: 1 } },
      places: [],
    },
    { key: "hbase.tls", value: undefined, origin: { kind: "not set" }, places: [] },
  ]);
  expect(text.split("\n")).toEqual([
    "hbase reads 2 settings",
    "  hbase.port   16020   default  src/hbase/config/hbase.yaml:3",
    "  hbase.tls    -       not set",
  ]);
});
