import { readdir, rm, rmdir } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { PaiError } from "@pai/core";
import { endAll, type DownOptions } from "./down.ts";
import { withLock } from "./lock.ts";
import type { Settings } from "./settings.ts";

export interface PurgeOptions extends DownOptions {
  /** Do not ask. */
  readonly yes: boolean;
  readonly cache: boolean;
}

/** Ends the stack and removes its data. */
export async function purge(settings: Settings, options: PurgeOptions): Promise<void> {
  const doomed = [settings.home, settings.runtime, ...(options.cache ? [settings.cache] : [])];
  if (!options.yes) await confirm(doomed, options.signal);
  await withLock(settings, options, async () => {
    await endAll(settings, options);
    await removeData(settings.home);
    await rm(settings.runtime, { recursive: true, force: true });
    if (options.cache) await rm(settings.cache, { recursive: true, force: true });
  });
}

const folders = [
  "bin",
  "containerd",
  "docker",
  "etcd",
  "kubelet",
  "logs",
  "node",
  "pki",
  "registry",
  "volumes",
];
const files = ["kubeconfig", "registry.yml"];

/** By name: PAI_LOCAL_HOME may be a folder that holds more than ours. */
export async function removeData(home: string): Promise<void> {
  for (const entry of [...folders, ...files])
    await rm(path.join(home, entry), { recursive: true, force: true });
  const isEmpty = (await readdir(home).catch(() => ["?"])).length === 0;
  if (isEmpty) await rmdir(home);
}

async function confirm(doomed: readonly string[], signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY)
    throw new PaiError("USAGE", `remove ${doomed.join(", ")}: there is no terminal to ask on`, {
      hint: "pai-local purge --yes",
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `Remove ${doomed.join(", ")} with all images, cluster state and volumes? [y/N] `,
      { signal },
    );
    if (!/^y(es)?$/i.test(answer.trim())) throw new PaiError("INTERRUPTED", "nothing was removed");
  } finally {
    terminal.close();
  }
}
