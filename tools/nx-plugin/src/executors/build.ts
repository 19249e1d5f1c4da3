import type { ExecutorContext } from "@nx/devkit";
import { imageInput, type ImageOptions } from "./image-options.ts";
import { runAction } from "./run-action.ts";

export default async function build(
  options: ImageOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  if (options.images === false) return { success: true };
  return runAction(options, context, async (input) => {
    const { buildServices } = await import("@pai/actions/build");
    await buildServices(imageInput(options, input));
  });
}
