import type { ExecutorContext } from "@nx/devkit";
import { checkDeployable } from "./check-deployable.ts";
import { runAction } from "./run-action.ts";
import { serviceInput, type ServiceOptions } from "./service-options.ts";

export default function deploy(
  options: ServiceOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runAction(options, context, async (input) => {
    await checkDeployable(input.root, input.services);
    const { startServices } = await import("@pai/actions/deploy");
    await startServices(serviceInput(options, input));
  });
}
