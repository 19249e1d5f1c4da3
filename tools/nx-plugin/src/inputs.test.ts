import { expect, test } from "vitest";
import { project, type Tree } from "./fixtures.ts";

const filesets = (tree: Tree, service: string, image = service, hasHooks = false): string[] =>
  (project(tree, service, { hasHooks }).namedInputs?.[`image ${image}`] ?? []).flatMap((input) =>
    typeof input === "object" && "fileset" in input ? [input.fileset as string] : [],
  );
const inputsOf = (tree: Tree, service: string, target: string): unknown[] =>
  project(tree, service).targets?.[target]?.inputs ?? [];

test("a build hangs on its Dockerfile and what that copies, not on templates", () => {
  const tree = {
    run: { from: ["debian"], copies: ["build/x", "pom.xml", "dependency/ai/jars"], components: ["ai"] },
    ai: { from: [] },
  };
  expect(filesets(tree, "run")).toEqual([
    "{projectRoot}/build/run.dockerfile",
    "{projectRoot}/build/run.dockerfile.dockerignore",
    "{projectRoot}/.dockerignore",
    "{projectRoot}/build/x",
    "{projectRoot}/build/x/**/*",
    "{projectRoot}/pom.xml",
    "{projectRoot}/pom.xml/**/*",
    "{workspaceRoot}/src/ai/**/*",
  ]);
});

test("images of one service hang on their own files", () => {
  const tree = { hadoop: { images: { run: [], ai: [] }, copies: ["conf"] } };
  expect(filesets(tree, "hadoop", "run")).not.toContain("{projectRoot}/build/ai.dockerfile");
});

test("a hook, or a copy of everything, makes every file of the service count", () => {
  expect(filesets({ all: { from: [], copies: ["."] } }, "all")).toEqual(["{projectRoot}/**/*"]);
  expect(filesets({ all: { from: [], copies: ["x"] } }, "all", "all", true)).toEqual(["{projectRoot}/**/*"]);
});

test("a build hangs on the files of all images below, and on whether these are there", () => {
  const tree = { base: { from: [] }, run: { from: ["base"] }, "my-app": { from: ["run"] } };
  expect(inputsOf(tree, "my-app", "build")).toEqual([
    { input: "image my-app" },
    { input: "image run", projects: ["run"] },
    { input: "image base", projects: ["base"] },
    { env: "PAI_IMAGE_MY_2d_APP" },
    { env: "PAI_IMAGE_RUN" },
    { env: "PAI_IMAGE_BASE" },
    { fileset: "{workspaceRoot}/images.lock.json" },
    { externalDependencies: [] },
  ]);
});

test("a deployment hangs on its own folder, the configuration, and the images that it runs", () => {
  const tree = { base: { from: [] }, tools: { from: ["base"] }, web: { needs: [], runs: ["tools"] } };
  expect(inputsOf(tree, "web", "deploy")).toEqual([
    { input: "deployment" },
    { input: "image tools", projects: ["tools"] },
    { input: "image base", projects: ["base"] },
  ]);
  expect(project(tree, "web").namedInputs?.["deployment"]).toEqual([
    { fileset: "{projectRoot}/deploy/**/*" },
    { fileset: "{projectRoot}/config/**/*" },
    { fileset: "{workspaceRoot}/configuration/**/*", includeIgnored: true },
    { fileset: "{workspaceRoot}/src/*/config/*.{py,ts}" },
    { externalDependencies: [] },
  ]);
});

test("a check hangs on what other services are called, make and set", () => {
  expect(inputsOf({ web: { needs: [] } }, "web", "check")).toEqual(
    expect.arrayContaining([
      { fileset: "{projectRoot}/**/*" },
      { fileset: "{workspaceRoot}/src/*/deploy/service.yaml" },
      { fileset: "{workspaceRoot}/configuration/**/*", includeIgnored: true },
    ]),
  );
});
