import type { Service } from "@pai/model";
import { expect, test } from "vitest";
import { graphOf, projectOf } from "./targets.ts";

interface Sketch {
  readonly needs?: readonly string[];
  readonly from?: readonly string[];
  readonly copies?: readonly string[];
  readonly components?: readonly string[];
}

function tree(sketches: Readonly<Record<string, Sketch>>): ReadonlyMap<string, Service> {
  return new Map(
    Object.entries(sketches).map(([name, { needs, from, copies = ["build"], components = [] }]) => [
      name,
      {
        name,
        folder: `src/${name}`,
        images: from
          ? [
              {
                name,
                dockerfile: `src/${name}/build/${name}.dockerfile`,
                bases: from.map((reference) => ({ reference, line: 1 })),
                contextPaths: copies,
              },
            ]
          : [],
        components: components.map((component) => ({ name: component, line: 1 })),
        ...(needs
          ? {
              deploy: {
                file: `src/${name}/deploy/service.yaml`,
                prerequisites: needs.map((need) => ({ name: need, line: 1 })),
                templates: [],
                scripts: {},
                deployRules: [],
              },
            }
          : {}),
        problems: [],
      },
    ]),
  );
}

/** Target name to the tasks before it. */
function orderOf(services: ReadonlyMap<string, Service>, name: string): Record<string, string[]> {
  const service = services.get(name);
  if (!service) throw new Error(name);
  const { targets = {} } = projectOf(service, graphOf(services));
  return Object.fromEntries(
    Object.entries(targets).map(([target, { dependsOn = [] }]) => [
      target,
      dependsOn.flatMap((dependency) => {
        if (typeof dependency === "string") return [dependency];
        const projects = [dependency.projects ?? name].flat();
        return projects.map((project) => `${project}:${dependency.target}`);
      }),
    ]),
  );
}

function filesets(services: ReadonlyMap<string, Service>, name: string, input: string): unknown[] {
  const service = services.get(name);
  if (!service) throw new Error(name);
  return projectOf(service, graphOf(services)).namedInputs?.[input] ?? [];
}

test("the order of builds and the order of starts are kept apart", () => {
  const services = tree({
    base: { from: ["debian"] },
    configuration: { needs: [] },
    zookeeper: { from: ["base"], needs: ["configuration"] },
    hbase: { from: ["base"], needs: ["zookeeper"] },
  });
  expect(orderOf(services, "zookeeper")).toEqual({
    check: [],
    build: ["base:build"],
    push: ["zookeeper:build"],
    deploy: ["configuration:deploy"],
    stop: ["hbase:stop"],
    delete: ["hbase:delete"],
    refresh: [],
  });
  expect(orderOf(services, "base")).toEqual({ check: [], build: [], push: ["base:build"] });
  expect(orderOf(services, "configuration")).not.toHaveProperty("build");
});

test("a prerequisite or component without the target is no task", () => {
  const services = tree({
    base: { from: [] },
    files: { components: ["base"] },
    run: { from: ["debian"], components: ["files"], needs: ["base"] },
  });
  expect(orderOf(services, "run")).toMatchObject({ build: [], deploy: [] });
});

test("edges that close a cycle are left out, and what is on it runs alone", () => {
  const services = tree({
    a: { needs: ["b"] },
    b: { needs: ["a", "ok"] },
    ok: { needs: [] },
    above: { needs: ["ok", "b"] },
    beside: { needs: ["ok"] },
  });
  expect(orderOf(services, "a").deploy).toEqual([]);
  expect(orderOf(services, "b").deploy).toEqual([]);
  expect(orderOf(services, "above").deploy).toEqual([]);
  expect(orderOf(services, "beside").deploy).toEqual(["ok:deploy"]);
});

test("with an unknown prerequisite nothing is started before the mistake is told", () => {
  const services = tree({ ok: { needs: [] }, typo: { needs: ["ok", "nowhere"] } });
  expect(orderOf(services, "typo").deploy).toEqual([]);
});

test("every edge is drawn, and only to services that exist", () => {
  const services = tree({
    base: { from: [] },
    zk: { needs: [] },
    hbase: { from: ["base"], needs: ["zk", "x"] },
  });
  const hbase = services.get("hbase");
  expect(hbase && projectOf(hbase, graphOf(services)).implicitDependencies).toEqual(["base", "zk"]);
});

test("a build hangs on what the Dockerfile copies, not on templates", () => {
  const services = tree({
    run: { from: ["debian"], copies: ["build/x", "pom.xml", "dependency/ai/jars"], components: ["ai"] },
    all: { from: ["debian"], copies: ["."] },
    ai: { from: [] },
  });
  expect(filesets(services, "run", "image")).toEqual([
    { fileset: "{projectRoot}/build/**/*" },
    { fileset: "{projectRoot}/.dockerignore" },
    { fileset: "{projectRoot}/pom.xml" },
    { fileset: "{projectRoot}/pom.xml/**/*" },
    { fileset: "{workspaceRoot}/src/ai/**/*" },
  ]);
  expect(filesets(services, "all", "image")).toContainEqual({ fileset: "{projectRoot}/**/*" });
});

test("a build hangs on the files of all images below", () => {
  const services = tree({ base: { from: [] }, run: { from: ["base"] }, hbase: { from: ["run"] } });
  const hbase = services.get("hbase");
  const { targets = {} } = hbase ? projectOf(hbase, graphOf(services)) : {};
  expect(targets.build?.inputs).toEqual([
    { input: "image" },
    { input: "image", projects: ["run", "base"] },
    { externalDependencies: [] },
  ]);
});

test("only the check is cached, and what other services are called and set is among its inputs", () => {
  const services = tree({ web: { needs: [], from: ["debian:12"] } });
  const web = services.get("web");
  if (!web) throw new Error("web");
  const { targets = {} } = projectOf(web, graphOf(services));
  expect(Object.keys(targets).filter((target) => targets[target]?.cache)).toEqual(["check"]);
  expect(targets.check?.inputs).toEqual(
    expect.arrayContaining([
      { fileset: "{projectRoot}/**/*" },
      { fileset: "{workspaceRoot}/src/*/deploy/service.yaml" },
      { fileset: "{workspaceRoot}/configuration/**/*", includeIgnored: true },
    ]),
  );
});
