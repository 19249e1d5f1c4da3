import { expect, test } from "vitest";
import type { TemplateRead } from "./reads.ts";
import { usesOf } from "./uses.ts";

const read = (key: string, line: number, extent: TemplateRead["extent"] = "value"): TemplateRead => ({
  service: "a",
  template: "src/a/deploy/a.yaml.template",
  line,
  path: key.split("."),
  extent,
});
const reads = [read("a.port", 4), read("a.hosts", 2), read("a.tls", 7, "whole"), read("ab.port", 9)];
const linesOf = (key: string): string[] => usesOf(key, reads).map((use) => `${use.line} ${use.key}`);

test("a setting is used where it is read itself", () => {
  expect(linesOf("a.port")).toEqual(["4 a.port"]);
});

test("a map is used where a setting below it is read, and names that only begin alike do not count", () => {
  expect(linesOf("a")).toEqual(["2 a.hosts", "4 a.port", "7 a.tls.*"]);
});

test("a setting is used where the list or map that holds it is read as one", () => {
  expect(linesOf("a.hosts.0")).toEqual(["2 a.hosts"]);
  expect(linesOf("a.tls.key")).toEqual(["7 a.tls.*"]);
});
