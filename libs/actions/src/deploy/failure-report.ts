// The folder that a failed run leaves in dist/reports.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { failureFacts, type ActionName, type Report } from "@pai/core";
import type { ClusterConnection } from "@pai/kubernetes";
import { reportFiles, type TimedEvent } from "@pai/report";
import type { RunMemory } from "./run-memory.ts";
import { toolVersion } from "./version.ts";

const folder = "dist/reports";
const keptReports = 20;

export interface FailedRun {
  readonly action: ActionName;
  readonly plan: {
    readonly root: string;
    readonly order: readonly { readonly name: string }[];
  };
  readonly connection: Pick<ClusterConnection, "context" | "server" | "version">;
  readonly memory: RunMemory;
  /** Hides the configuration's secrets. */
  readonly mask: (text: string) => string;
  readonly report: Report;
}

/**
 * Writes what is known by now, for one run always into the same folder. Returns the page that people read,
 * relative to the root; undefined when nothing has failed. A report that cannot be written is a warning, as
 * the failure is what counts.
 */
export async function keepReport(run: FailedRun): Promise<string | undefined> {
  const { memory, report } = run;
  if (memory.failures.size === 0) return undefined;
  try {
    const page = await writeFailureReport(run);
    if (!memory.events.some(({ type }) => type === "report")) report({ type: "report", path: page });
    return page;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report({ type: "warning", message: `the report of the failure cannot be written: ${reason}` });
    return undefined;
  }
}

async function writeFailureReport(run: FailedRun): Promise<string> {
  const { action, plan, connection, memory, mask } = run;
  const { root, order } = plan;
  const ended = new Date().toISOString();
  const files = reportFiles({
    action,
    tool: toolVersion,
    started: memory.started,
    ended,
    cluster: { name: connection.context, server: connection.server, version: connection.version },
    events: [...memory.events, ...untoldFailures(run, ended)],
    errors: order.flatMap(({ name }) => memory.failures.get(name) ?? []),
    evidence: [...memory.evidence.values()],
  });
  const name = await memory.folderOnce(() => makeFolder(root, ended.slice(0, 19).replaceAll(":", "-")));
  for (const { name: file, text } of files) {
    const target = path.join(root, folder, name, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, mask(text));
  }
  await dropOld(root);
  return `${folder}/${name}/report.md`;
}

/** A service that goes back to what it was has failed, and says so when it is there. */
function untoldFailures({ action, memory }: FailedRun, time: string): TimedEvent[] {
  const { events, failures } = memory;
  const isAbout = (type: string, name: string) => (event: TimedEvent) =>
    event.type === type && "service" in event && event.service === name;
  return [...failures]
    .filter(([service]) => !events.some(isAbout("failed", service)))
    .map(([service, error]) => {
      const started = events.find(isAbout("started", service))?.time ?? time;
      const ms = Date.parse(time) - Date.parse(started);
      return { time, type: "failed", action, service, ...failureFacts(error), ms };
    });
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
