import type { ExecutorContext } from "@nx/devkit";
import { runAction } from "./run-action.ts";
import { serviceInput, type ServiceOptions } from "./service-options.ts";

export default function stop(
  options: ServiceOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runAction(options, context, async (input) => {
    const { stopServices } = await import("@pai/actions/deploy");
    await stopServices(serviceInput(options, input));
  });
}
