import { expect, test } from "vitest";
import { formatAffected } from "./affected.ts";

test("a service, what of it differs, because of what, and the count at the end", () => {
  const because = ["a", "b", "c", "d", "e", "f"].map((name) => `src/run/build/${name}`);
  const text = formatAffected(
    [
      { service: "new", change: "added", deployable: true, reasons: [] },
      {
        service: "hbase",
        change: "changed",
        deployable: true,
        reasons: [
          { kind: "rendered", what: "hbase.yaml", because: ["hbase.port"] },
          { kind: "image", what: "run", because },
        ],
      },
    ],
    "8 services",
  );
  expect(text.split("\n")).toEqual([
    "new   added",
    "hbase",
    "  rendered   hbase.yaml",
    "             because of hbase.port",
    "  image      run",
    ...because.slice(0, 5).map((each) => `             because of ${each}`),
    "             and 1 more",
    "2 affected of 8 services",
  ]);
});
