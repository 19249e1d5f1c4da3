import type { TargetConfiguration } from "@nx/devkit";

/** A target with the plugin's executor of that name. */
export function target(
  executor: string,
  description: string,
  rest: TargetConfiguration,
): TargetConfiguration {
  return { executor: `@pai/nx-plugin:${executor}`, metadata: { description }, ...rest };
}

export type TaskOrder = NonNullable<TargetConfiguration["dependsOn"]>;

/** Tasks before a task; options of the command line are handed on to them. */
export function after(targetName: string, projects: readonly string[]): TaskOrder {
  return projects.length === 0
    ? []
    : [{ target: targetName, projects: [...new Set(projects)], params: "forward" }];
}
