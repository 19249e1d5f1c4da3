import type { ExecutorContext } from "@nx/devkit";
import { imageInput, imageSettings, pushSettings, type ImageOptions } from "./image-options.ts";
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
  const settings = { ...imageSettings(options), ...pushSettings(options) };
  await pushServices({ ...input, ...settings, noCache: options.cache === false });
}
