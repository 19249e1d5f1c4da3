import type { ExecutorContext } from "@nx/devkit";
import { imageInput, imageSettings, type ImageOptions } from "./image-options.ts";
import { runAction, type ActionInput } from "./run-action.ts";

export default function push(options: ImageOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runAction(options, context, (input) => pushImages(options, imageInput(options, input)));
}

export async function pushImages(
  options: ImageOptions,
  input: ActionInput & { readonly images?: readonly string[] },
): Promise<void> {
  if (options.images === false) return;
  const { pushServices } = await import("@pai/actions/build");
  await pushServices({ ...input, ...imageSettings(options), noCache: options.cache === false });
}
