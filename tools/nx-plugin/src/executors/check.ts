import type { ExecutorContext } from "@nx/devkit";
import { runAction, type ConfigurationOption } from "./run-action.ts";

export default async function check(
  options: ConfigurationOption,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  let sound = false;
  const { success } = await runAction(options, context, async (input) => {
    const { checkTree, formatResult } = await import("@pai/actions/check");
    const result = await checkTree(input);
    process.stdout.write(`${formatResult(result, "text")}\n`);
    sound = result.findings.every(({ level }) => level !== "error");
  });
  return { success: success && sound };
}
