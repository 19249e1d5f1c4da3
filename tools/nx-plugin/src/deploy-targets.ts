import type { TargetConfiguration } from "@nx/devkit";
import type { Service } from "@pai/model";
import type { TreeGraph } from "./graph.ts";
import { imageTasks } from "./image-targets.ts";
import { deployInputs } from "./inputs.ts";
import { after, target, type TaskOrder } from "./target.ts";

export function deployTargets(service: Service, graph: TreeGraph): Record<string, TargetConfiguration> {
  const { name } = service;
  const inputs = ["deployment"];
  const dependents = [...(graph.dependents.get(name) ?? [])];
  return {
    deploy: target(
      "deploy",
      "Push the images that its manifests run, start the service after its prerequisites and wait until it is ready",
      { inputs: deployInputs(service, graph), dependsOn: beforeDeploy(name, graph) },
    ),
    stop: target("stop", "Stop the service after those that need it; its data stays", {
      inputs,
      dependsOn: after("stop", dependents),
    }),
    delete: target("delete", "Stop the service after those that need it and remove its data", {
      inputs,
      dependsOn: after("delete", dependents),
    }),
    refresh: target("refresh", "Bring node labels and configuration of the running service up to date", {
      inputs,
    }),
  };
}

function beforeDeploy(name: string, graph: TreeGraph): TaskOrder {
  const { services, prerequisites, sources, unsound } = graph;
  if (unsound.deploy.has(name)) return [];
  const deployed = [...(prerequisites.get(name) ?? [])].filter((other) => services.get(other)?.deploy);
  return [...after("deploy", deployed), ...imageTasks("push", sources.get(name)?.images ?? [], graph)];
}
