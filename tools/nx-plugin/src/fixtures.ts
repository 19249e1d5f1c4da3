import type { Service } from "@pai/model";
import type { ServiceProject } from "./dependencies.ts";
import type { DeploySources } from "./deploy-sources.ts";
import { graphOf } from "./graph.ts";
import { sharedInputs } from "./inputs.ts";
import { projectOf, type ProjectOptions } from "./targets.ts";

interface Sketch {
  readonly needs?: readonly string[];
  /** What the only image, named after the service, starts from. */
  readonly from?: readonly string[];
  /** Image name to what it starts from. */
  readonly images?: Readonly<Record<string, readonly string[]>>;
  readonly copies?: readonly string[];
  readonly components?: readonly string[];
  readonly hasHooks?: boolean;
  readonly hookReads?: readonly string[];
  /** Images that its manifests name. */
  readonly runs?: readonly string[];
}

export type Tree = Readonly<Record<string, Sketch>>;

/** The project of one service of a sketched tree. For tests only. */
export function project(tree: Tree, name: string, options: Partial<ProjectOptions> = {}): ServiceProject {
  const found = projects(tree, options)[name];
  if (!found) throw new Error(name);
  return found;
}

/** Those of all services, by name. */
export function projects(tree: Tree, options: Partial<ProjectOptions> = {}): Record<string, ServiceProject> {
  const services = new Map(
    Object.entries(tree).map(([service, sketch]) => [service, serviceOf(service, sketch)]),
  );
  const sources = new Map(
    Object.entries(tree).map(([service, { runs = [] }]): [string, DeploySources] => [
      service,
      { images: new Set(runs), anyImage: false, settings: new Set() },
    ]),
  );
  const graph = graphOf(services, sources);
  const shared = sharedInputs("configuration");
  return Object.fromEntries(
    [...services].map(([name, service]) => [name, projectOf(service, graph, { shared, ...options })]),
  );
}

/** Target name to the tasks before it. */
export function orderOf(tree: Tree, name: string): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(project(tree, name).targets ?? {}).map(([target, { dependsOn = [] }]) => [
      target,
      dependsOn.flatMap((dependency) => {
        if (typeof dependency === "string") return [dependency];
        const projects = [dependency.projects ?? name].flat();
        return projects.map((other) => `${other}:${dependency.target}`);
      }),
    ]),
  );
}

function serviceOf(name: string, sketch: Sketch): Service {
  const {
    needs,
    from,
    images = from ? { [name]: from } : {},
    copies = ["build"],
    components = [],
    hasHooks,
    hookReads,
  } = sketch;
  return {
    name,
    folder: `src/${name}`,
    images: Object.entries(images).map(([image, bases]) => ({
      name: image,
      dockerfile: `src/${name}/build/${image}.dockerfile`,
      bases: bases.map((reference) => ({ reference, line: 1 })),
      contextPaths: copies,
      names: { args: [], stages: [], secrets: [] },
    })),
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
    ...(hasHooks ? { hasHooks } : {}),
    ...(hookReads ? { hookReads } : {}),
    problems: [],
  };
}
