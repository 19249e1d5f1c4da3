import { existsSync } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import { runScript } from "@pai/scripts";

const hookNames = ["build-pre.sh", "build-post.sh"] as const;
export type HookName = (typeof hookNames)[number];

/** Those a service has, relative to the tree root. */
export function findHooks(root: string, folder: string): string[] {
  return hookNames
    .map((name) => `${folder}/build/${name}`)
    .filter((file) => existsSync(path.join(root, file)));
}

/** Runs one hook in the root of a private tree, if the service has it. Throws SCRIPT_FAILED. */
export async function runHook(options: {
  readonly name: HookName;
  readonly folder: string;
  readonly root: string;
  readonly image: string;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { name, root, image, signal } = options;
  const file = `${options.folder}/build/${name}`;
  if (!existsSync(path.join(root, file))) return;
  const lastLines: string[] = [];
  const onLine = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > 12) lastLines.shift();
    options.onLine(line);
  };
  const { code } = await runScript({ file, cwd: root, env: process.env, onLine, signal });
  if (code === 0) return;
  throw new PaiError("SCRIPT_FAILED", `${image}: ${name} ended with exit code ${code}`, {
    location: { file },
    details: lastLines.length > 0 ? ["last lines:", ...lastLines.map((line) => `   ${line}`)] : [],
  });
}
