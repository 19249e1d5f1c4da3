// Defaults that a workspace has for all targets of a name, such as "build", would replace what the plugin says of
// inputs and order, and caching by it would be wrong. Nx takes the first key that matches: the executor before the
// name. So an empty entry for each executor keeps them out, and the workspace's own stay as they are.
import type { NxJsonConfiguration } from "@nx/devkit";

type TargetDefaults = NonNullable<NxJsonConfiguration["targetDefaults"]>;

const executors = ["check", "build", "push", "explain", "deploy", "stop", "delete", "refresh"];

export function keepOutDefaults(defaults: TargetDefaults): TargetDefaults {
  const own: TargetDefaults = Object.fromEntries(executors.map((name) => [`@pai/nx-plugin:${name}`, {}]));
  // The targets of a service with several images that stand for all of them.
  own["nx:noop"] = [{ filter: { projects: ["tag:pai:service"] } }];
  return { ...own, ...defaults };
}
