import { expect, test } from "vitest";
import { orderOf, project } from "./fixtures.ts";
import { sharedInputs } from "./inputs.ts";

test("the order of builds and the order of starts are kept apart", () => {
  const tree = {
    base: { from: ["debian"] },
    configuration: { needs: [] },
    zookeeper: { from: ["base"], needs: ["configuration"], runs: ["zookeeper"] },
    hbase: { from: ["base"], needs: ["zookeeper"] },
  };
  expect(orderOf(tree, "zookeeper")).toEqual({
    check: [],
    build: ["base:build"],
    push: ["zookeeper:build"],
    explain: [],
    deploy: ["configuration:deploy", "zookeeper:push"],
    stop: ["hbase:stop"],
    delete: ["hbase:delete"],
    refresh: [],
  });
  expect(orderOf(tree, "base")).toEqual({
    check: [],
    build: [],
    push: ["base:build"],
    explain: [],
  });
  expect(orderOf(tree, "configuration")).not.toHaveProperty("build");
});

test("a service with several images has a target for each, and is needed image by image", () => {
  const tree = {
    base: { from: [] },
    hadoop: { images: { "hadoop-run": ["base"], "hadoop-ai": ["hadoop-run"] } },
    hbase: { from: ["hadoop-run"], needs: [], runs: ["hbase", "hadoop-ai"] },
  };
  expect(orderOf(tree, "hadoop")).toEqual({
    check: [],
    build: ["hadoop:build-hadoop-run", "hadoop:build-hadoop-ai"],
    push: ["hadoop:push-hadoop-run", "hadoop:push-hadoop-ai"],
    explain: [],
    "build-hadoop-run": ["base:build"],
    "push-hadoop-run": ["hadoop:build-hadoop-run"],
    "build-hadoop-ai": ["hadoop:build-hadoop-run"],
    "push-hadoop-ai": ["hadoop:build-hadoop-ai"],
  });
  expect(orderOf(tree, "hbase")).toMatchObject({
    build: ["hadoop:build-hadoop-run"],
    deploy: ["hbase:push", "hadoop:push-hadoop-ai"],
  });
  expect(project(tree, "hadoop").targets?.["build-hadoop-ai"]?.options).toEqual({ image: "hadoop-ai" });
});

test("services that start from each other's images are no cycle", () => {
  const tree = { one: { images: { low: [], high: ["middle"] } }, two: { images: { middle: ["low"] } } };
  expect(orderOf(tree, "one")["build-high"]).toEqual(["two:build"]);
  expect(orderOf(tree, "two").build).toEqual(["one:build-low"]);
});

test("a prerequisite or component without the target is no task", () => {
  const tree = {
    base: { from: [] },
    files: { components: ["base"] },
    run: { from: ["debian"], components: ["files"], needs: ["base"] },
  };
  expect(orderOf(tree, "run")).toMatchObject({ build: [], deploy: [] });
});

test("edges that close a cycle are left out, and what is on it runs alone", () => {
  const tree = {
    a: { needs: ["b"] },
    b: { needs: ["a", "ok"] },
    ok: { needs: [] },
    above: { needs: ["ok", "b"] },
    beside: { needs: ["ok"] },
  };
  expect(orderOf(tree, "a").deploy).toEqual([]);
  expect(orderOf(tree, "b").deploy).toEqual([]);
  expect(orderOf(tree, "above").deploy).toEqual([]);
  expect(orderOf(tree, "beside").deploy).toEqual(["ok:deploy"]);
});

test("with an unknown prerequisite nothing is pushed or started before the mistake is told", () => {
  const tree = { ok: { needs: [] }, typo: { from: [], needs: ["ok", "nowhere"], runs: ["typo"] } };
  expect(orderOf(tree, "typo").deploy).toEqual([]);
});

test("tags and metadata tell the kinds of edges apart", () => {
  const tree = {
    base: { from: [] },
    tools: { from: [] },
    zk: { needs: [] },
    hbase: { from: ["base", "debian:12"], needs: ["zk", "x"], runs: ["hbase", "tools"] },
  };
  const { tags, metadata } = project(tree, "hbase");
  expect(tags).toEqual([
    "pai:service",
    "pai:image",
    "pai:deploy",
    "image:hbase",
    "needs-image:base",
    "runs-image:hbase",
    "runs-image:tools",
    "prerequisite:zk",
  ]);
  expect(metadata).toEqual({
    targetGroups: { images: ["build", "push", "explain"], cluster: ["deploy", "stop", "delete", "refresh"] },
    pai: {
      edges: {
        images: ["hbase"],
        needsImages: ["base"],
        runsImages: ["hbase", "tools"],
        prerequisites: ["zk"],
      },
    },
  });
});

test("checks and builds may be answered from Nx's cache, pushes and deployments never", () => {
  const { targets = {} } = project({ web: { needs: [], from: ["debian:12"] } }, "web");
  expect(Object.keys(targets).filter((target) => targets[target]?.cache)).toEqual(["check", "build"]);
});

test("the folder of the configuration, and options that every target gets", () => {
  const { targets = {}, namedInputs = {} } = project({ web: { needs: [] } }, "web", {
    shared: sharedInputs("clusters/a/"),
    options: { config: "clusters/a/" },
  });
  const fileset = { fileset: "{workspaceRoot}/clusters/a/**/*", includeIgnored: true };
  expect(namedInputs.deployment).toContainEqual(fileset);
  expect(namedInputs.check).toContainEqual(fileset);
  expect(targets.stop?.options).toEqual({ config: "clusters/a/" });
});
