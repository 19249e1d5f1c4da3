// The targets of one service, from the graph of all. Two orders are kept apart by explicit task
// dependencies: Nx has one kind of edge between projects, and services have two.
import type { ProjectConfiguration, TargetConfiguration } from "@nx/devkit";
import type { ImageSource, Service } from "@pai/model";
import {
  imageEdges,
  prerequisiteEdges,
  reverse,
  withDependents,
  withNeeds,
  withoutCycles,
  type ServiceEdges,
  type Services,
} from "@pai/plan";

import type { DeploySources } from "./deploy-sources.ts";

type Input = NonNullable<TargetConfiguration["inputs"]>[number];

/** Without it every target depends on package-lock.json. */
const noPackages: Input = { externalDependencies: [] };

export interface TreeGraph {
  readonly services: Services;
  /** Per service that is deployed, what it is made of outside of its own folder. */
  readonly sources: ReadonlyMap<string, DeploySources>;
  /** To the services whose images are built before. */
  readonly images: ServiceEdges;
  /** To the services that are deployed before. */
  readonly prerequisites: ServiceEdges;
  /** To the services that are stopped before. */
  readonly dependents: ServiceEdges;
  /**
   * Services that cannot be deployed, or built, because of a mistake in what they need. Their target runs
   * alone, so that the action behind it names the mistake before anything else is changed.
   */
  readonly unsound: { readonly build: ReadonlySet<string>; readonly deploy: ReadonlySet<string> };
}

/** One bad service must not stop the others: unknown names and edges that close a cycle are left out. */
export function graphOf(services: Services, sources: TreeGraph["sources"] = new Map()): TreeGraph {
  const images = imageEdges(services);
  const prerequisites = prerequisiteEdges(services);
  const known = (name: string): boolean => services.has(name);
  const bad = [...services.values()].filter(({ problems }) => problems.length > 0).map(({ name }) => name);
  const dangling = [...services.values()]
    .filter(({ deploy }) => deploy?.prerequisites.some((needed) => !known(needed.name)))
    .map(({ name }) => name);
  const acyclic = withoutCycles(prerequisites);
  return {
    services,
    sources,
    images: withoutCycles(images),
    prerequisites: acyclic,
    dependents: reverse(acyclic),
    unsound: {
      build: withDependents(images, [...bad, ...onCycles(images)]),
      deploy: withDependents(prerequisites, [...bad, ...dangling, ...onCycles(prerequisites)]),
    },
  };
}

/** The services from which an edge that closes a cycle starts. */
function onCycles(edges: ServiceEdges): string[] {
  const acyclic = withoutCycles(edges);
  return [...edges].filter(([name, needs]) => acyclic.get(name)?.size !== needs.size).map(([name]) => name);
}

export function projectOf(service: Service, graph: TreeGraph): ProjectConfiguration {
  const { name, folder, images, deploy } = service;
  return {
    name,
    root: folder,
    sourceRoot: folder,
    projectType: "application",
    tags: ["pai:service", ...(images.length > 0 ? ["pai:image"] : []), ...(deploy ? ["pai:deploy"] : [])],
    implicitDependencies: drawnEdges(name, graph),
    namedInputs: { image: imageFiles(service), deployment: deploymentFiles },
    targets: {
      check: checkTarget,
      ...(images.length > 0 ? imageTargets(service, graph) : {}),
      ...(deploy ? deployTargets(service, graph) : {}),
    },
  };
}

/** Implicit, as Nx keeps other edges until the file they come from changes, and any file can move an image. */
function drawnEdges(name: string, { images, prerequisites }: TreeGraph): string[] {
  return [...new Set([...(images.get(name) ?? []), ...(prerequisites.get(name) ?? [])])];
}

function imageTargets(
  { name }: Service,
  { services, images, unsound }: TreeGraph,
): Record<string, TargetConfiguration> {
  const makesImages = (other: string): boolean => (services.get(other)?.images.length ?? 0) > 0;
  const bases = unsound.build.has(name) ? [] : [...(images.get(name) ?? [])].filter(makesImages);
  const closure = [...withNeeds(images, [name])].filter((other) => other !== name);
  const inputs: Input[] = [
    { input: "image" },
    ...(closure.length > 0 ? [{ input: "image", projects: closure }] : []),
    noPackages,
  ];
  return {
    build: target("build", "Build the images whose content neither registry nor engine has", {
      inputs,
      ...after("build", bases),
    }),
    push: target("push", "Push the images whose content the registry does not have", {
      inputs,
      dependsOn: [{ target: "build", params: "forward" }],
    }),
  };
}

function deployTargets({ name }: Service, graph: TreeGraph): Record<string, TargetConfiguration> {
  const { services, prerequisites, dependents, unsound } = graph;
  const inputs: Input[] = [{ input: "deployment" }, ...deploySources(name, graph), noPackages];
  const deployed = (other: string): boolean => services.get(other)?.deploy !== undefined;
  const needed = unsound.deploy.has(name) ? [] : [...(prerequisites.get(name) ?? [])].filter(deployed);
  const dependentsFirst = [...(dependents.get(name) ?? [])];
  return {
    deploy: target("deploy", "Start the service after its prerequisites and wait until it is ready", {
      inputs,
      ...after("deploy", needed),
    }),
    stop: target("stop", "Stop the service after those that need it; its data stays", {
      inputs,
      ...after("stop", dependentsFirst),
    }),
    delete: target("delete", "Stop the service after those that need it and remove its data", {
      inputs,
      ...after("delete", dependentsFirst),
    }),
    refresh: target("refresh", "Bring node labels and configuration of the running service up to date", {
      inputs,
    }),
  };
}

/** The files of images and settings that change what a deployment applies, those of other services included. */
function deploySources(name: string, { services, images, sources }: TreeGraph): Input[] {
  const { images: run, settings } = sources.get(name) ?? {
    images: new Set<string>(),
    settings: new Set<string>(),
  };
  const makers = [...services.values()]
    .filter((service) => service.images.length > 0)
    .map((service) => service.name);
  const deployed = run === "all" ? makers : makers.filter((maker) => maker === name || run.has(maker));
  const needed = makers.filter((maker) => withNeeds(images, deployed).has(maker));
  const others = needed.filter((maker) => maker !== name);
  const read = settings === "all" ? ["*"] : [...settings].filter((other) => other !== name).toSorted();
  return [
    ...(needed.includes(name) ? [{ input: "image" }] : []),
    ...(others.length > 0 ? [{ input: "image", projects: others }] : []),
    ...read.map((other) => ({ fileset: `{workspaceRoot}/src/${other}/config/**/*` })),
    // Code that makes settings gets to see all of them.
    { fileset: "{workspaceRoot}/src/*/config/*.{py,ts}" },
  ];
}

/** Reads files and changes nothing, so Nx may keep its result: all that it reads is among the inputs. */
const checkTarget: TargetConfiguration = {
  ...target("check", "Find mistakes of the service and the configuration, without engine and cluster", {}),
  cache: true,
  inputs: [
    { fileset: "{projectRoot}/**/*" },
    // What other services are called, make and set.
    { fileset: "{workspaceRoot}/src/*/deploy/service.yaml" },
    { fileset: "{workspaceRoot}/src/*/build/*.dockerfile" },
    { fileset: "{workspaceRoot}/src/*/build/component.dep" },
    { fileset: "{workspaceRoot}/src/*/config/**/*" },
    { fileset: "{workspaceRoot}/configuration/**/*", includeIgnored: true },
    {
      fileset:
        "{workspaceRoot}/**/{layout,cluster-configuration,services-configuration,kubernetes-configuration}.yaml",
    },
    { env: "PAI_CONFIGURATION" },
    // The tools themselves, where they are part of the workspace.
    { fileset: "{workspaceRoot}/{libs,tools/nx-plugin}/**/*.{ts,json,py}" },
    noPackages,
  ],
};

/** Nothing else is cached by Nx: what counts is what the registry and the cluster have. */
function target(name: string, description: string, rest: TargetConfiguration): TargetConfiguration {
  return { executor: `@pai/nx-plugin:${name}`, cache: false, metadata: { description }, ...rest };
}

function after(target: string, projects: string[]): TargetConfiguration {
  return projects.length === 0 ? {} : { dependsOn: [{ target, projects, params: "forward" }] };
}

const deploymentFiles: Input[] = [
  { fileset: "{projectRoot}/deploy/**/*" },
  { fileset: "{projectRoot}/config/**/*" },
  // Configuration with passwords is often kept out of git.
  { fileset: "{workspaceRoot}/configuration/**/*", includeIgnored: true },
];

function imageFiles({ images, components }: Service): Input[] {
  return [
    { fileset: "{projectRoot}/build/**/*" },
    { fileset: "{projectRoot}/.dockerignore" },
    ...contextFilesets(images).map((fileset) => ({ fileset: `{projectRoot}/${fileset}` })),
    ...components.map(({ name }) => ({ fileset: `{workspaceRoot}/src/${name}/**/*` })),
  ];
}

function contextFilesets(images: readonly ImageSource[]): string[] {
  const paths = new Set(images.flatMap(({ contextPaths }) => contextPaths));
  if (paths.has(".")) return ["**/*"];
  return [...paths]
    .filter((path) => path !== "build" && !path.startsWith("build/") && !path.startsWith("dependency/"))
    .flatMap((path) => [path, `${path}/**/*`]);
}
