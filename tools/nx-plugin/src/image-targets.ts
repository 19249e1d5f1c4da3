// Targets that build and push. A service with one image has `build` and `push`. One with several has a pair
// for each, such as `build-hadoop-run`, so that who needs one of them does not wait for the others. `explain`
// looks at all of them.
import type { TargetConfiguration } from "@nx/devkit";
import type { Service } from "@pai/model";
import type { TreeGraph } from "./graph.ts";
import { buildInputs, type Input } from "./inputs.ts";
import { after, target, type TaskOrder } from "./target.ts";

type ImageAction = "build" | "push";

export function imageTargets(service: Service, graph: TreeGraph): Record<string, TargetConfiguration> {
  const names = service.images.map((image) => image.name);
  const explain = target("explain", "Say what differs between the images and those in the registry", {});
  if (names.length === 1) {
    const build = buildTarget(service, names, graph);
    return { build, push: pushTarget("build", build), explain };
  }
  const each = names.flatMap((image): [string, TargetConfiguration][] => {
    const build = buildTarget(service, [image], graph);
    return [
      [`build-${image}`, withImage(build, image)],
      [`push-${image}`, withImage(pushTarget(`build-${image}`, build), image)],
    ];
  });
  const inputs = buildInputs(service, names, graph);
  return {
    build: allOf("build", "Build all images of the service", { names, inputs }),
    push: allOf("push", "Push all images of the service", { names, inputs }),
    explain,
    ...Object.fromEntries(each),
  };
}

/** The tasks that build or push the given images, one entry for all projects with the same target. */
export function imageTasks(
  action: ImageAction,
  images: Iterable<string>,
  { owners, services }: TreeGraph,
): TaskOrder {
  const projects = new Map<string, string[]>();
  for (const image of images) {
    const owner = owners.get(image);
    if (owner === undefined) continue;
    const isOnly = services.get(owner)?.images.length === 1;
    const name = isOnly ? action : `${action}-${image}`;
    projects.set(name, [...(projects.get(name) ?? []), owner]);
  }
  return [...projects].flatMap(([name, of]) => after(name, of));
}

function buildTarget(service: Service, images: readonly string[], graph: TreeGraph): TargetConfiguration {
  const bases = images
    .filter((image) => !graph.unsound.images.has(image))
    .flatMap((image) => [...(graph.images.get(image) ?? [])]);
  return target("build", "Build the images whose content neither registry nor engine has", {
    // Whether the image is still there is an input as well.
    cache: true,
    inputs: buildInputs(service, images, graph),
    outputs: images.map((image) => `{workspaceRoot}/dist/images/${image}.json`),
    ...ordered(imageTasks("build", bases, graph)),
  });
}

function pushTarget(buildName: string, { inputs = [] }: TargetConfiguration): TargetConfiguration {
  return target("push", "Push the images whose content the registry does not have", {
    inputs,
    dependsOn: [{ target: buildName, params: "forward" }],
  });
}

function allOf(
  action: ImageAction,
  description: string,
  { names, inputs }: { readonly names: readonly string[]; readonly inputs: Input[] },
): TargetConfiguration {
  return {
    executor: "nx:noop",
    metadata: { description },
    inputs,
    dependsOn: names.map((image) => ({ target: `${action}-${image}`, params: "forward" as const })),
  };
}

function withImage(configuration: TargetConfiguration, image: string): TargetConfiguration {
  return { ...configuration, options: { image } };
}

function ordered(dependsOn: TaskOrder): TargetConfiguration {
  return dependsOn.length > 0 ? { dependsOn } : {};
}
