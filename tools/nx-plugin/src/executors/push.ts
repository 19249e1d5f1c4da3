import type { ExecutorContext } from "@nx/devkit";
import type { ImageOptions } from "./build.ts";
import { runAction } from "./run-action.ts";

export default function push(options: ImageOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runAction(options, context, async (input) => {
    const { pushServices } = await import("@pai/actions/build");
    await pushServices({ ...input, network: options.network });
  });
}
