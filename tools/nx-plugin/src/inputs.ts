// The files that targets hang on.
import type { TargetConfiguration } from "@nx/devkit";
import type { ImageSource, Service } from "@pai/model";
import { withNeeds } from "@pai/plan";
import type { TreeGraph } from "./graph.ts";
import { imageVariable } from "./image-variable.ts";

export type Input = NonNullable<TargetConfiguration["inputs"]>[number];

/** Without it every target depends on package-lock.json. */
const noPackages: Input = { externalDependencies: [] };

/**
 * What a service's targets hang on, under names that several of them use: Nx keeps these once a project, and
 * hashes all of them into each of its tasks. So what follows from templates has no name.
 */
export function namedInputs(
  service: Service,
  graph: TreeGraph,
  shared: SharedInputs,
): Record<string, Input[]> {
  const { images, deploy } = service;
  const names = images.map(({ name }) => name);
  // One with several images has a target for all of them and one for each.
  const builds = names.length === 1 ? [names] : [names, ...names.map((name) => [name])];
  return {
    check: shared.check,
    ...Object.fromEntries(
      images.map((image) => [imageInput(image.name, service), imageSources(image, service)]),
    ),
    ...Object.fromEntries(
      builds
        .filter((built) => built.length > 0)
        .map((built) => [buildInput(built, service), buildConditions(service, built, graph)]),
    ),
    ...(deploy ? { deployment: shared.deployment } : {}),
  };
}

/** The same in all services. */
export interface SharedInputs {
  readonly check: Input[];
  readonly deployment: Input[];
}

/** `configuration`: its folder, relative to the workspace, or absolute. */
export function sharedInputs(configuration: string): SharedInputs {
  return { check: checkFiles(configuration), deployment: deploymentFiles(configuration) };
}

/** The same name in all services of one image, so that one entry of a target can take it from many. */
function imageInput(image: string, { images }: Service): string {
  return images.length === 1 ? "image" : `image ${image}`;
}

function buildInput([image = "", ...more]: readonly string[], { images }: Service): string {
  return more.length > 0 || images.length === 1 ? "build" : `build ${image}`;
}

/** Its files, and whether it is there: those that are built on it take both from here. */
function imageSources(image: ImageSource, service: Service): Input[] {
  const { components, hasHooks = false, hookReads = [] } = service;
  return [
    ...inOne(contextFilesets(image, hasHooks)).map((fileset) => `{projectRoot}/${fileset}`),
    ...components.map(({ name }) => `{workspaceRoot}/src/${name}/**/*`),
    ...inOne(hookReads.flatMap((read) => [read, `${read}/**/*`])).map((read) => `{workspaceRoot}/${read}`),
    // Its `build` says how.
    ...(image.build || hookReads.length > 0 ? ["{projectRoot}/deploy/service.yaml"] : []),
    { env: imageVariable(image.name) },
  ];
}

/** The sources of the given images and of all below them: named inputs of `service` and of others. */
function sourcesOfImages(
  service: Service,
  images: Iterable<string>,
  { owners, services, images: needs }: TreeGraph,
): { readonly own: Input[]; readonly others: Input[] } {
  const own: Input[] = [];
  const others = new Map<string, string[]>();
  for (const image of withNeeds(needs, [...images])) {
    const owner = services.get(owners.get(image) ?? service.name) ?? service;
    const input = imageInput(image, owner);
    if (owner.name === service.name) own.push(input);
    else if (!others.has(input)) others.set(input, [owner.name]);
    else others.get(input)?.push(owner.name);
  }
  return { own, others: [...others].map(([input, projects]) => ({ input, projects })) };
}

/** What a named input can hold of a build: the sources of own images. */
function buildConditions(service: Service, images: readonly string[], graph: TreeGraph): Input[] {
  return [
    ...sourcesOfImages(service, images, graph).own,
    // Where a tree keeps the digests of its base images, by convention.
    "{workspaceRoot}/images.lock.json",
    noPackages,
  ];
}

/** What makes a build. A named input could not take the files of other projects. */
export function buildInputs(service: Service, images: readonly string[], graph: TreeGraph): Input[] {
  return [buildInput(images, service), ...sourcesOfImages(service, images, graph).others];
}

/** Files that change what any deployment of the service applies. */
function deploymentFiles(configuration: string): Input[] {
  return [
    "{projectRoot}/{deploy,config}/**/*",
    ...configurationFiles(configuration),
    // Code that makes settings gets to see all of them.
    "{workspaceRoot}/src/*/config/*.{py,ts}",
    noPackages,
  ];
}

/** These files, the settings of others that its templates read, and the images that it runs. */
export function deployInputs(service: Service, graph: TreeGraph): Input[] {
  const sources = graph.sources.get(service.name);
  const { images = new Set<string>(), anyImage = false, settings = new Set<string>() } = sources ?? {};
  const read = settings === "all" ? ["*"] : [...settings].filter((name) => name !== service.name).toSorted();
  const run = anyImage ? graph.owners.keys() : [...service.images.map(({ name }) => name), ...images];
  const { own, others } = sourcesOfImages(service, run, graph);
  return ["deployment", ...read.map((name) => `{workspaceRoot}/src/${name}/config/**/*`), ...own, ...others];
}

function checkFiles(configuration: string): Input[] {
  return [
    "{projectRoot}/**/*",
    // What other services are called, make and set.
    "{workspaceRoot}/src/*/{deploy/service.yaml,build/*.dockerfile,build/component.dep,config/**/*}",
    ...configurationFiles(configuration),
    `{workspaceRoot}/**/${configurationNames}.yaml`,
    { env: "PAI_CONFIGURATION" },
    // The tools themselves, where they are part of the workspace.
    "{workspaceRoot}/{libs,tools/nx-plugin}/**/*.{ts,json,py}",
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

/** Nx hands each input of each project on by itself. Names that mean something in a pattern stay alone. */
function inOne(filesets: readonly string[]): string[] {
  const plain = filesets.filter((fileset) => /^[\w./*-]+$/.test(fileset));
  if (plain.length < 2) return [...filesets];
  return [`{${plain.join(",")}}`, ...filesets.filter((fileset) => !plain.includes(fileset))];
}
