// Runs on every nx command: imports nothing but the model and the plan.
import path from "node:path";
import type { CreateDependencies, CreateNodes, PreTasksExecution } from "@nx/devkit";
import { readServices } from "@pai/model/services";
import { dependenciesOf } from "./dependencies.ts";
import { readDeploySources } from "./deploy-sources.ts";
import { graphOf } from "./graph.ts";
import { sharedInputs } from "./inputs.ts";
import type { PluginOptions } from "./options.ts";
import { projectOf } from "./targets.ts";

export const name = "@pai/nx-plugin";

/** Loads what asks registry and engine only when tasks are about to run. */
export const preTasksExecution: PreTasksExecution<PluginOptions> = async (options, context) => {
  const { beforeTasks } = await import("./hooks/before-tasks.ts");
  await beforeTasks(options, context);
};

const pattern = "src/*/{build/*.dockerfile,build/component.dep,deploy/service.yaml}";

export const createNodes: CreateNodes<PluginOptions> = [
  pattern,
  async (files, options, { workspaceRoot }) => {
    // Files that git ignores are invisible to Nx; a service is what has at least one that is not.
    const fileOf = new Map(files.map((file) => [path.posix.dirname(path.posix.dirname(file)), file]));
    if (fileOf.size === 0) return [];
    const services = [...(await readServices(workspaceRoot))].filter(([, { folder }]) => fileOf.has(folder));
    const known = new Map(services);
    const graph = graphOf(known, readDeploySources(workspaceRoot, known));
    const config = options?.config;
    const projectOptions = {
      shared: sharedInputs(config ?? process.env.PAI_CONFIGURATION ?? "configuration"),
      ...(config === undefined ? {} : { options: { config } }),
    };
    return services.map(([, service]) => {
      const { folder } = service;
      return [
        fileOf.get(folder) ?? folder,
        { projects: { [folder]: projectOf(service, graph, projectOptions) } },
      ];
    });
  },
];

export const createDependencies: CreateDependencies<PluginOptions> = (_options, { projects }) =>
  dependenciesOf(projects);
