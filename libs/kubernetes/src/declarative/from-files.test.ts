import { expect, test } from "vitest";
import { objectFromFiles } from "./from-files.ts";

const location = { file: "src/a/deploy/service.yaml", line: 3 };
const contents = (files: Record<string, Buffer | string>): Map<string, Buffer> =>
  new Map(Object.entries(files).map(([key, value]) => [key, Buffer.from(value)]));

test("text is data, byte for byte, and what is no text is binaryData", () => {
  const files = contents({ bom: "\uFEFFa\r\n", empty: "", ".hidden": "x", image: Buffer.of(0xff, 0xfe, 0) });
  expect(
    objectFromFiles({ kind: "ConfigMap", name: "c", namespace: "n", contents: files, location }),
  ).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c", namespace: "n" },
    data: { bom: "\uFEFFa\r\n", empty: "", ".hidden": "x" },
    binaryData: { image: "//4A" },
  });
});

test("a Secret holds everything encoded", () => {
  expect(
    objectFromFiles({ kind: "Secret", name: "s", type: "x/y", contents: contents({ a: "b" }), location }),
  ).toEqual({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, type: "x/y", data: { a: "Yg==" } });
});

test.each([
  [{ "a b": "" }, 'ConfigMap c: "a b" cannot be a key'],
  [{ "..": "" }, 'ConfigMap c: ".." cannot be a key'],
  [{ a: Buffer.alloc(1_048_577, 97) }, "ConfigMap c: its files have 1048577 bytes, and it holds 1048576"],
])("refuses what the API server would refuse", (files, reason) => {
  expect(() =>
    objectFromFiles({ kind: "ConfigMap", name: "c", contents: contents(files), location }),
  ).toThrow(reason);
});
