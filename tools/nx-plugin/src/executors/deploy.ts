import type { ExecutorContext } from "@nx/devkit";
import { PaiError } from "@pai/core";
import { checkDeployable } from "./check-deployable.ts";
import { runAction, type ActionInput } from "./run-action.ts";
import { serviceInput, type ServiceOptions } from "./service-options.ts";

export default function deploy(
  options: ServiceOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runAction(options, context, (input) => deployServices(options, input));
}

export async function deployServices(options: ServiceOptions, input: ActionInput): Promise<void> {
  checkOptions(options);
  await checkDeployable(input.root, input.services);
  const { startServices } = await import("@pai/actions/deploy");
  await startServices(serviceInput(options, input));
}

/** What was pushed elsewhere only, a deployment would not run. */
function checkOptions(options: ServiceOptions): void {
  const given = (["tag", "registry"] as const).find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new PaiError("USAGE", `--${given} is for pushes: a deployment runs what the configuration names`, {
    hint: "push with it in a command of its own, or set cluster.docker-registry of the configuration",
  });
}
