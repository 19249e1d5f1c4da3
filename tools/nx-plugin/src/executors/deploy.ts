import type { ExecutorContext } from "@nx/devkit";
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
  await checkDeployable(input.root, input.services);
  const { startServices } = await import("@pai/actions/deploy");
  await startServices(serviceInput(options, input));
}
