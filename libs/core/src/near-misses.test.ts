import { expect, test } from "vitest";
import { nearMisses } from "./near-misses.ts";

test("finds what was probably meant, nearest first", () => {
  expect(nearMisses("zookeper", ["hbase", "zookeeper", "zookeepers", "base-image"])).toEqual([
    "zookeeper",
    "zookeepers",
  ]);
});

test("says nothing when nothing is near", () => {
  expect(nearMisses("grafana", ["hbase", "zookeeper"])).toEqual([]);
});

test("two swapped letters are one mistake", () => {
  expect(nearMisses("prot", ["port", "host"])).toEqual(["port"]);
  expect(nearMisses("wbe", ["web", "abe"])).toEqual(["abe", "web"]);
});
