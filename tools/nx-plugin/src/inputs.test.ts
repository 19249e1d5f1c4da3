import { expect, test } from "vitest";
import { project, type Tree } from "./fixtures.ts";

const named = (tree: Tree, service: string, name: string): unknown[] =>
  project(tree, service).namedInputs?.[name] ?? [];
const inputsOf = (tree: Tree, service: string, target: string): unknown[] =>
  project(tree, service).targets?.[target]?.inputs ?? [];

test("a build hangs on its Dockerfile and what that copies, not on templates", () => {
  const tree = {
    run: { from: ["debian"], copies: ["build/x", "pom.xml", "dependency/ai/jars"], components: ["ai"] },
    ai: { from: [] },
  };
  expect(named(tree, "run", "image")).toEqual([
    "{projectRoot}/{build/run.dockerfile,build/run.dockerfile.dockerignore,.dockerignore,build/x,build/x/**/*,pom.xml,pom.xml/**/*}",
    "{workspaceRoot}/src/ai/**/*",
    { env: "PAI_IMAGE_RUN" },
  ]);
});

test("images of one service hang on their own files", () => {
  const tree = { hadoop: { images: { run: [], ai: [] }, copies: ["conf"] } };
  const files = JSON.stringify(named(tree, "hadoop", "image run"));
  expect(files).toContain("build/run.dockerfile,");
  expect(files).not.toContain("ai.dockerfile");
});

test("a file whose name is a pattern stays a name of its own", () => {
  expect(named({ a: { from: [], copies: ["x,y"] } }, "a", "image").slice(0, 3)).toEqual([
    "{projectRoot}/{build/a.dockerfile,build/a.dockerfile.dockerignore,.dockerignore}",
    "{projectRoot}/x,y",
    "{projectRoot}/x,y/**/*",
  ]);
});

test("a hook, or a copy of everything, makes every file of the service count", () => {
  expect(named({ all: { from: [], copies: ["."] } }, "all", "image")).toContain("{projectRoot}/**/*");
  expect(named({ all: { from: [], copies: ["x"], hasHooks: true } }, "all", "image")).toContain(
    "{projectRoot}/**/*",
  );
});

test("what hooks read outside of the service counts, and where it is declared", () => {
  const tree = { a: { from: [], hasHooks: true, hookReads: ["docs", "version/x,y"] } };
  expect(named(tree, "a", "image")).toEqual([
    "{projectRoot}/**/*",
    "{workspaceRoot}/{docs,docs/**/*}",
    "{workspaceRoot}/version/x,y",
    "{workspaceRoot}/version/x,y/**/*",
    "{projectRoot}/deploy/service.yaml",
    { env: "PAI_IMAGE_A" },
  ]);
});

test("a build hangs on the files of all images below, and on whether these are there", () => {
  const tree = { base: { from: [] }, run: { from: ["base"] }, "my-app": { from: ["run"] } };
  expect(inputsOf(tree, "my-app", "build")).toEqual(["build", { input: "image", projects: ["run", "base"] }]);
  expect(named(tree, "my-app", "build")).toEqual([
    "image",
    "{workspaceRoot}/images.lock.json",
    { externalDependencies: [] },
  ]);
  expect(named(tree, "my-app", "image")).toContainEqual({ env: "PAI_IMAGE_MY_2d_APP" });
  expect(named(tree, "base", "image")).toContainEqual({ env: "PAI_IMAGE_BASE" });
});

test("each of several images hangs on those below it, own ones and those of others", () => {
  const tree = {
    base: { from: [] },
    hadoop: { images: { run: ["base"], ai: ["run"] } },
    hbase: { from: ["ai"] },
  };
  expect(inputsOf(tree, "hadoop", "build-ai")).toEqual(["build ai", { input: "image", projects: ["base"] }]);
  expect(named(tree, "hadoop", "build ai").slice(0, 2)).toEqual(["image ai", "image run"]);
  expect(named(tree, "hadoop", "build run").slice(0, 1)).toEqual(["image run"]);
  expect(inputsOf(tree, "hadoop", "push")).toEqual(["build", { input: "image", projects: ["base"] }]);
  expect(inputsOf(tree, "hbase", "build")).toEqual([
    "build",
    { input: "image ai", projects: ["hadoop"] },
    { input: "image run", projects: ["hadoop"] },
    { input: "image", projects: ["base"] },
  ]);
});

test("a deployment hangs on its own folder, the configuration, and the images that it runs", () => {
  const tree = { base: { from: [] }, tools: { from: ["base"] }, web: { needs: [], runs: ["tools"] } };
  expect(inputsOf(tree, "web", "deploy")).toEqual([
    "deployment",
    { input: "image", projects: ["tools", "base"] },
  ]);
  expect(named(tree, "web", "deployment")).toEqual([
    "{projectRoot}/{deploy,config}/**/*",
    { fileset: "{workspaceRoot}/configuration/**/*", includeIgnored: true },
    "{workspaceRoot}/src/*/config/*.{py,ts}",
    { externalDependencies: [] },
  ]);
});

test("a check hangs on what other services are called, make and set", () => {
  const tree = { web: { needs: [] } };
  expect(inputsOf(tree, "web", "check")).toEqual(["check"]);
  expect(named(tree, "web", "check")).toEqual(
    expect.arrayContaining([
      "{projectRoot}/**/*",
      "{workspaceRoot}/src/*/{deploy/service.yaml,build/*.dockerfile,build/component.dep,config/**/*}",
      { fileset: "{workspaceRoot}/configuration/**/*", includeIgnored: true },
    ]),
  );
});
