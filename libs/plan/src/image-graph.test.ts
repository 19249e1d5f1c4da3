import { expect, test } from "vitest";
import { sketch } from "./fixtures.ts";
import { imageNeeds } from "./image-graph.ts";

const needsOf = (services: Parameters<typeof sketch>[0]): Record<string, string[]> =>
  Object.fromEntries([...imageNeeds(sketch(services))].map(([image, needs]) => [image, [...needs]]));

test("an image needs the images it starts from, and no other of their services", () => {
  expect(
    needsOf({
      hbase: { images: { hbase: ["hadoop-run", "debian:12"] } },
      hadoop: { images: { "hadoop-run": ["base:latest"], "hadoop-ai": ["base"] } },
      base: { images: { base: [] } },
    }),
  ).toEqual({ hbase: ["hadoop-run"], "hadoop-run": ["base"], "hadoop-ai": ["base"], base: [] });
});

test("services may start from each other's images", () => {
  expect(
    needsOf({ one: { images: { low: [], high: ["middle"] } }, two: { images: { middle: ["low"] } } }),
  ).toEqual({ low: [], high: ["middle"], middle: ["low"] });
});

test("all images of a component come first", () => {
  expect(
    needsOf({ run: { images: { run: [] }, components: ["ai", "run"] }, ai: { images: { a: [], b: [] } } }),
  ).toEqual({
    run: ["a", "b"],
    a: [],
    b: [],
  });
});

test("an image that starts from itself needs the one of that name elsewhere, not itself", () => {
  expect(needsOf({ self: { images: { self: ["self"] } } })).toEqual({ self: [] });
});
