// The folder that a failed run leaves in dist/reports.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ActionName } from "@pai/core";
import type { ClusterConnection } from "@pai/kubernetes";
import { reportFiles } from "@pai/report";
import type { RunMemory } from "./run-memory.ts";
import { toolVersion } from "./version.ts";

const folder = "dist/reports";
const keptReports = 20;

export interface FailedRun {
  readonly action: ActionName;
  readonly root: string;
  readonly connection: ClusterConnection;
  readonly memory: RunMemory;
  readonly errors: readonly unknown[];
  /** Hides the configuration's secrets. */
  readonly mask: (text: string) => string;
}

/** Returns the page that people read, relative to the root. */
export async function writeFailureReport(run: FailedRun): Promise<string> {
  const { action, root, connection, memory, errors, mask } = run;
  const ended = new Date().toISOString();
  const files = reportFiles({
    action,
    tool: toolVersion,
    started: memory.started,
    ended,
    cluster: { name: connection.context, server: connection.server, version: connection.version },
    events: memory.events,
    errors,
    evidence: [...memory.evidence.values()],
  });
  const name = await makeFolder(root, ended.slice(0, 19).replaceAll(":", "-"));
  for (const { name: file, text } of files) {
    const target = path.join(root, folder, name, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, mask(text));
  }
  await dropOld(root);
  return `${folder}/${name}/report.md`;
}

/** Runs of different services may end within the same second. */
async function makeFolder(root: string, time: string): Promise<string> {
  await mkdir(path.join(root, folder), { recursive: true });
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? time : `${time}-${number}`;
    try {
      await mkdir(path.join(root, folder, name));
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** Names are times, so the first ones are the oldest. */
async function dropOld(root: string): Promise<void> {
  const names = (await readdir(path.join(root, folder))).filter((name) => /^\d{4}-\d\d-\d\dT/.test(name));
  for (const name of names.toSorted().slice(0, -keptReports))
    await rm(path.join(root, folder, name), { recursive: true, force: true });
}
