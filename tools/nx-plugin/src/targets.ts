// The project of one service, from the graphs of all.
import type { TargetConfiguration } from "@nx/devkit";
import type { Service } from "@pai/model";
import type { EdgesOfService, ServiceProject } from "./dependencies.ts";
import { deployTargets } from "./deploy-targets.ts";
import type { TreeGraph } from "./graph.ts";
import { imageTargets } from "./image-targets.ts";
import { namedInputs, type SharedInputs } from "./inputs.ts";
import { target } from "./target.ts";

export interface ProjectOptions {
  readonly shared: SharedInputs;
  /** Options that every target gets. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export function projectOf(
  service: Service,
  graph: TreeGraph,
  { options, shared }: ProjectOptions,
): ServiceProject {
  const { name, folder, images, deploy } = service;
  const targets: Record<string, TargetConfiguration> = {
    check: checkTarget(),
    ...(images.length > 0 ? imageTargets(service, graph) : {}),
    ...(deploy ? deployTargets(service, graph) : {}),
  };
  const edges = edgesOf(service, graph);
  const metadata = { targetGroups: targetGroups(Object.keys(targets)), pai: { edges } };
  return {
    name,
    root: folder,
    projectType: "application",
    tags: tagsOf(service, edges),
    metadata,
    namedInputs: namedInputs(service, graph, shared),
    targets: options ? withOptions(targets, options) : targets,
  };
}

function edgesOf({ name, images }: Service, graph: TreeGraph): EdgesOfService {
  const own = images.map((image) => image.name);
  const needed = new Set(own.flatMap((image) => [...(graph.images.get(image) ?? [])]));
  return {
    images: own,
    needsImages: [...needed].filter((image) => !own.includes(image)),
    runsImages: [...(graph.sources.get(name)?.images ?? [])],
    prerequisites: [...(graph.prerequisites.get(name) ?? [])],
  };
}

function tagsOf({ images, deploy }: Service, edges: EdgesOfService): string[] {
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
