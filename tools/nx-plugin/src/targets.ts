// The project of one service, from the graphs of all.
import type { ProjectConfiguration, TargetConfiguration } from "@nx/devkit";
import type { Service } from "@pai/model";
import { deployTargets } from "./deploy-targets.ts";
import type { TreeGraph } from "./graph.ts";
import { imageTargets } from "./image-targets.ts";
import { namedInputs } from "./inputs.ts";
import { target } from "./target.ts";

export interface ProjectOptions {
  /** The folder of the configuration, relative to the workspace, or absolute. */
  readonly configuration: string;
  /** Options that every target gets. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Whether the service has a build-pre.sh or build-post.sh. */
  readonly hasHooks?: boolean;
}

export function projectOf(
  service: Service,
  graph: TreeGraph,
  { options, ...sources }: ProjectOptions,
): ProjectConfiguration {
  const { name, folder, images, deploy } = service;
  const targets: Record<string, TargetConfiguration> = {
    check: checkTarget(),
    ...(images.length > 0 ? imageTargets(service, graph) : {}),
    ...(deploy ? deployTargets(service, graph) : {}),
  };
  const edges = edgesOf(service, graph);
  // Nx hands metadata that it does not know on as it is.
  const metadata = { targetGroups: targetGroups(Object.keys(targets)), pai: edges };
  return {
    name,
    root: folder,
    sourceRoot: folder,
    projectType: "application",
    tags: tagsOf(service, edges),
    metadata,
    // Implicit, as Nx keeps other edges until the file they come from changes, and any file can move an image.
    implicitDependencies: drawnEdges(name, edges, graph),
    namedInputs: namedInputs(service, graph, sources),
    targets: options ? withOptions(targets, options) : targets,
  };
}

/** The edges of both graphs, kept apart: what Nx draws between projects is one kind. */
interface ServiceEdgeLists {
  readonly images: readonly string[];
  /** Own images that these start or copy from. */
  readonly needsImages: readonly string[];
  /** Own images that the manifests run. */
  readonly runsImages: readonly string[];
  readonly prerequisites: readonly string[];
}

function edgesOf({ name, images }: Service, graph: TreeGraph): ServiceEdgeLists {
  const own = images.map((image) => image.name);
  const needed = new Set(own.flatMap((image) => [...(graph.images.get(image) ?? [])]));
  return {
    images: own,
    needsImages: [...needed].filter((image) => !own.includes(image)),
    runsImages: [...(graph.sources.get(name)?.images ?? [])],
    prerequisites: [...(graph.prerequisites.get(name) ?? [])],
  };
}

function tagsOf({ images, deploy }: Service, edges: ServiceEdgeLists): string[] {
  return [
    "pai:service",
    ...(images.length > 0 ? ["pai:image"] : []),
    ...(deploy ? ["pai:deploy"] : []),
    ...edges.images.map((image) => `image:${image}`),
    ...edges.needsImages.map((image) => `needs-image:${image}`),
    ...edges.runsImages.map((image) => `runs-image:${image}`),
    ...edges.prerequisites.map((service) => `prerequisite:${service}`),
  ];
}

function drawnEdges(name: string, edges: ServiceEdgeLists, { owners }: TreeGraph): string[] {
  const makers = [...edges.needsImages, ...edges.runsImages].flatMap((image) => owners.get(image) ?? []);
  return [...new Set([...makers, ...edges.prerequisites])].filter((other) => other !== name);
}

/** How `nx graph` and Nx Console sort the targets. */
function targetGroups(names: readonly string[]): Record<string, string[]> {
  const isImage = (name: string): boolean => /^(?:build|push|explain)(?:-|$)/.test(name);
  const groups = {
    images: names.filter(isImage),
    cluster: names.filter((name) => name !== "check" && !isImage(name)),
  };
  return Object.fromEntries(Object.entries(groups).filter(([, targets]) => targets.length > 0));
}

/** Reads files and changes nothing, so Nx may keep its result: all that it reads is among the inputs. */
function checkTarget(): TargetConfiguration {
  return target("check", "Find mistakes of the service and the configuration, without engine and cluster", {
    cache: true,
    inputs: ["check"],
  });
}

function withOptions(
  targets: Readonly<Record<string, TargetConfiguration>>,
  options: Readonly<Record<string, unknown>>,
): Record<string, TargetConfiguration> {
  return Object.fromEntries(
    Object.entries(targets).map(([name, each]) => [
      name,
      each.executor === "nx:noop" ? each : { ...each, options: { ...options, ...each.options } },
    ]),
  );
}
