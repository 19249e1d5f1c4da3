import type { ExecutorContext } from "@nx/devkit";
import { imageInput, imageSettings, type ImageOptions } from "./image-options.ts";
import { runAction } from "./run-action.ts";

/** Only looks; its result is its output. */
export default function explain(
  options: ImageOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runAction(options, context, async (input) => {
    const { explainImages, formatExplanations } = await import("@pai/actions/images");
    const explanations = await explainImages({ ...imageInput(options, input), ...imageSettings(options) });
    process.stdout.write(`${formatExplanations(explanations, new Date())}\n`);
  });
}
