import type { ExecutorContext } from "@nx/devkit";
import { imageInput, imageSettings, type ImageOptions } from "./image-options.ts";
import { runAction } from "./run-action.ts";

interface ExplainOptions extends ImageOptions {
  /** Also from what the cluster runs; if it answers, where this is not given. */
  readonly deployed?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Only looks; its result is its output. */
export default function explain(
  options: ExplainOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runAction(options, context, async (input) => {
    const { explainImages, formatExplanations } = await import("@pai/actions/images");
    const { deployed, kubeconfig, context: kubeContext } = options;
    const explanations = await explainImages({
      ...imageInput(options, input),
      ...imageSettings(options),
      deployed,
      cluster: { kubeconfig, context: kubeContext },
    });
    process.stdout.write(`${formatExplanations(explanations, new Date())}\n`);
  });
}
