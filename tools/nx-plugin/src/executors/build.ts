import type { ExecutorContext } from "@nx/devkit";
import { imageInput, imageSettings, type ImageOptions } from "./image-options.ts";
import { runAction, type ActionInput } from "./run-action.ts";

export default function build(
  options: ImageOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runAction(options, context, (input) => buildImages(options, imageInput(options, input)));
}

export async function buildImages(
  options: ImageOptions,
  input: ActionInput & { readonly images?: readonly string[] },
): Promise<void> {
  if (options.images === false) return;
  const { builder, cache, pull } = options;
  const { buildServices } = await import("@pai/actions/build");
  await buildServices({ ...input, ...imageSettings(options), builder, pull, noCache: cache === false });
}
