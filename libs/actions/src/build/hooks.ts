import { existsSync } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import type { BuildLog } from "@pai/docker";
import { runScript } from "@pai/scripts";
import { watchTree } from "./watch-tree.ts";

const hookNames = ["build-pre.sh", "build-post.sh"] as const;
type HookName = (typeof hookNames)[number];

/** Those a service has, relative to the tree root. */
export function findHooks(root: string, folder: string): string[] {
  return hookNames
    .map((name) => `${folder}/build/${name}`)
    .filter((file) => existsSync(path.join(root, file)));
}

export interface HookOptions {
  readonly name: HookName;
  readonly folder: string;
  /** Of the private tree, where the hook runs. */
  readonly root: string;
  /** Of the tree itself, which the hook reaches by links and should not write to. */
  readonly source: string;
  readonly image: string;
  readonly log: Pick<BuildLog, "name" | "write">;
  readonly onLine: (line: string) => void;
  /** Hides secrets in what the hook prints. */
  readonly mask: (text: string) => string;
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Runs one hook, if the service has it, and tells what it wrote outside of its copy. Throws SCRIPT_FAILED. */
export async function runHook(options: HookOptions): Promise<void> {
  const { name, root, image, log, signal } = options;
  const file = `${options.folder}/build/${name}`;
  if (!existsSync(path.join(root, file))) return;
  const lastLines: string[] = [];
  const onLine = (printed: string): void => {
    const line = options.mask(printed);
    lastLines.push(line);
    if (lastLines.length > 12) lastLines.shift();
    log.write(`  ${line}`);
    options.onLine(line);
  };
  log.write(name);
  const findWritten = watchTree(options.source);
  const { code } = await runScript({ file, cwd: root, env: process.env, onLine, signal });
  const written = findWritten();
  if (written.length > 0)
    options.onWarning(`while ${name} of ${image} ran, the tree itself changed: ${listed(written)}`);
  if (code === 0) return;
  throw new PaiError("SCRIPT_FAILED", `${image}: ${name} ended with exit code ${code}`, {
    location: { file },
    details:
      lastLines.length > 0
        ? ["last lines:", ...lastLines.map((line) => `   ${line}`), `whole output: ${log.name}`]
        : ["it printed nothing"],
  });
}

function listed(files: readonly string[]): string {
  const more = files.length - 5;
  return more > 0 ? `${files.slice(0, 5).join(", ")} and ${more} more` : files.join(", ");
}
