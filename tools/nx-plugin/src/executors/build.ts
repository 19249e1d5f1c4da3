import type { ExecutorContext } from "@nx/devkit";
import { imageInput, type ImageOptions } from "./image-options.ts";
import { runAction, type ActionInput } from "./run-action.ts";

export default function build(
  options: ImageOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runAction(options, context, (input) => buildImages(options, imageInput(options, input)));
}

export async function buildImages(
  { images, network }: ImageOptions,
  input: ActionInput & { readonly images?: readonly string[] },
): Promise<void> {
  if (images === false) return;
  const { buildServices } = await import("@pai/actions/build");
  await buildServices({ ...input, network });
}
