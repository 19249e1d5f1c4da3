// Runs on every nx command: imports nothing but the model and the plan.
import path from "node:path";
import type { CreateNodes } from "@nx/devkit";
import { readServices } from "@pai/model";
import { readDeploySources } from "./deploy-sources.ts";
import { graphOf, projectOf } from "./targets.ts";

export const name = "@pai/nx-plugin";

const pattern = "src/*/{build/*.dockerfile,build/component.dep,deploy/service.yaml}";

export const createNodes: CreateNodes = [
  pattern,
  async (files, _options, { workspaceRoot }) => {
    // Files that git ignores are invisible to Nx; a service is what has at least one that is not.
    const fileOf = new Map(files.map((file) => [path.posix.dirname(path.posix.dirname(file)), file]));
    const services = [...(await readServices(workspaceRoot))].filter(([, { folder }]) => fileOf.has(folder));
    const known = new Map(services);
    const graph = graphOf(known, readDeploySources(workspaceRoot, known));
    return services.map(([, service]) => [
      fileOf.get(service.folder) ?? service.folder,
      { projects: { [service.folder]: projectOf(service, graph) } },
    ]);
  },
];
