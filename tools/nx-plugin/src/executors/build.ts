import type { ExecutorContext } from "@nx/devkit";
import { runAction, type ConfigurationOption } from "./run-action.ts";

export interface ImageOptions extends ConfigurationOption {
  readonly network?: string;
}

export default function build(
  options: ImageOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runAction(options, context, async (input) => {
    const { buildServices } = await import("@pai/actions/build");
    await buildServices({ ...input, network: options.network });
  });
}
