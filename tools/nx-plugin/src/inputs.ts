// The files that targets hang on.
import type { TargetConfiguration } from "@nx/devkit";
import type { ImageSource, Service } from "@pai/model";
import { withNeeds } from "@pai/plan";
import type { TreeGraph } from "./graph.ts";
import { imageVariable } from "./image-variable.ts";

export type Input = NonNullable<TargetConfiguration["inputs"]>[number];

/** Without it every target depends on package-lock.json. */
const noPackages: Input = { externalDependencies: [] };

function imageInputName(image: string): string {
  return `image ${image}`;
}

/** Named inputs of a service: one for each of its images. */
export function imageInputs({ images, components }: Service, hasHooks: boolean): Record<string, Input[]> {
  return Object.fromEntries(
    images.map((image) => [
      imageInputName(image.name),
      [
        ...contextFilesets(image, hasHooks).map((fileset) => ({ fileset: `{projectRoot}/${fileset}` })),
        ...components.map(({ name }) => ({ fileset: `{workspaceRoot}/src/${name}/**/*` })),
        // Its `build` says how.
        ...(image.build ? [{ fileset: "{projectRoot}/deploy/service.yaml" }] : []),
      ],
    ]),
  );
}

/** The files of the given images and of all below them, as inputs of a target of `service`. */
function filesOfImages(service: string, images: Iterable<string>, graph: TreeGraph): Input[] {
  const needed = [...withNeeds(graph.images, [...images])];
  return needed.map((image) => {
    const owner = graph.owners.get(image) ?? service;
    const input = imageInputName(image);
    return owner === service ? { input } : { input, projects: [owner] };
  });
}

/** What makes a build: files, and whether the image and those below it are where they should be. */
export function buildInputs(service: string, images: readonly string[], graph: TreeGraph): Input[] {
  const needed = withNeeds(graph.images, images);
  return [
    ...filesOfImages(service, images, graph),
    ...[...needed].map((image) => ({ env: imageVariable(image) })),
    // Where a tree keeps the digests of its base images, by convention.
    { fileset: "{workspaceRoot}/images.lock.json" },
    noPackages,
  ];
}

/** Files that change what a deployment applies, those of images aside. */
export function deploymentFiles(service: string, { sources }: TreeGraph, configuration: string): Input[] {
  const settings = sources.get(service)?.settings ?? new Set<string>();
  const read = settings === "all" ? ["*"] : [...settings].filter((name) => name !== service).toSorted();
  return [
    { fileset: "{projectRoot}/deploy/**/*" },
    { fileset: "{projectRoot}/config/**/*" },
    ...configurationFiles(configuration),
    ...read.map((name) => ({ fileset: `{workspaceRoot}/src/${name}/config/**/*` })),
    // Code that makes settings gets to see all of them.
    { fileset: "{workspaceRoot}/src/*/config/*.{py,ts}" },
    noPackages,
  ];
}

/** These files, and those of the images that it runs, which a named input could not take from other projects. */
export function deployInputs(service: string, graph: TreeGraph): Input[] {
  const { images = new Set<string>(), anyImage = false } = graph.sources.get(service) ?? {};
  const own = graph.services.get(service)?.images.map(({ name }) => name) ?? [];
  const run = anyImage ? graph.owners.keys() : [...own, ...images];
  return [{ input: "deployment" }, ...filesOfImages(service, run, graph)];
}

export function checkInputs(configuration: string): Input[] {
  return [
    { fileset: "{projectRoot}/**/*" },
    // What other services are called, make and set.
    { fileset: "{workspaceRoot}/src/*/deploy/service.yaml" },
    { fileset: "{workspaceRoot}/src/*/build/*.dockerfile" },
    { fileset: "{workspaceRoot}/src/*/build/component.dep" },
    { fileset: "{workspaceRoot}/src/*/config/**/*" },
    ...configurationFiles(configuration),
    { fileset: `{workspaceRoot}/**/${configurationNames}.yaml` },
    { env: "PAI_CONFIGURATION" },
    // The tools themselves, where they are part of the workspace.
    { fileset: "{workspaceRoot}/{libs,tools/nx-plugin}/**/*.{ts,json,py}" },
    noPackages,
  ];
}

const configurationNames = "{layout,cluster-configuration,services-configuration,kubernetes-configuration}";

/** Configuration with passwords is often kept out of git. Nx sees no file outside of the workspace. */
function configurationFiles(folder: string): Input[] {
  const inside = folder.replace(/^\.\//, "").replace(/\/+$/, "");
  if (inside.startsWith("/") || inside.split("/").includes("..")) return [];
  const files = inside === "" || inside === "." ? `${configurationNames}.yaml` : `${inside}/**/*`;
  return [{ fileset: `{workspaceRoot}/${files}`, includeIgnored: true }];
}

function contextFilesets({ dockerfile, contextPaths }: ImageSource, hasHooks: boolean): string[] {
  // A hook may make what is copied from any file of the service.
  if (hasHooks || contextPaths.includes(".")) return ["**/*"];
  const inProject = dockerfile.split("/").slice(2).join("/");
  const copied = contextPaths
    .filter((path) => !path.startsWith("dependency/"))
    .flatMap((path) => [path, `${path}/**/*`]);
  return [...new Set([inProject, `${inProject}.dockerignore`, ".dockerignore", ...copied])];
}
