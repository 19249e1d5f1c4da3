import type { ExecutorContext } from "@nx/devkit";
import { imageInput, type ImageOptions } from "./image-options.ts";
import { runAction } from "./run-action.ts";

export default async function push(
  options: ImageOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  if (options.images === false) return { success: true };
  return runAction(options, context, async (input) => {
    const { pushServices } = await import("@pai/actions/build");
    await pushServices(imageInput(options, input));
  });
}
