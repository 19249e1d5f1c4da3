import { expect, test } from "vitest";
import { dependenciesOf } from "./dependencies.ts";
import { projects } from "./fixtures.ts";

const drawn = (all: Parameters<typeof dependenciesOf>[0]): string[] =>
  dependenciesOf(all).map(({ source, target, type }) => `${source} ${type} ${target}`);

test("edges of both kinds are drawn once, as implicit ones, and only between services that exist", () => {
  const tree = {
    base: { from: [] },
    tools: { from: [] },
    zk: { needs: [], runs: ["tools"] },
    hbase: { from: ["base", "debian:12"], needs: ["zk", "base", "x"], runs: ["hbase", "tools"] },
  };
  expect(drawn(projects(tree))).toEqual([
    "zk implicit tools",
    "hbase implicit base",
    "hbase implicit tools",
    "hbase implicit zk",
  ]);
});

test("projects of other plugins have no part in it, and one that is gone is none", () => {
  const { base, ...others } = projects({ base: { needs: [] }, web: { needs: ["base"] } });
  expect(drawn({ ...others, lib: { root: "libs/lib" } })).toEqual([]);
  expect(drawn({ ...others, ...(base ? { base } : {}) })).toEqual(["web implicit base"]);
});
