import type { ExecutorContext } from "@nx/devkit";
import { PaiError } from "@pai/core";
import { runAction } from "./run-action.ts";
import { serviceInput, type ServiceOptions } from "./service-options.ts";

export default function deleteService(
  options: ServiceOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runAction(options, context, async (input) => {
    const [service = ""] = input.services;
    if (!options.yes) {
      throw new PaiError("USAGE", `delete removes the data of ${service} and of the services that need it`, {
        hint: `say that you want that: npx nx run ${context.projectName ?? service}:delete --yes`,
      });
    }
    const { deleteServices } = await import("@pai/actions/deploy");
    await deleteServices(serviceInput(options, input));
  });
}
