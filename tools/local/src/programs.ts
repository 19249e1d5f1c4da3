// A part that is a program: started detached with its log, known by its record, judged by its health check.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, open, readFile, realpath, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { findBox, outerPid, runInBox, type Box } from "./box.ts";
import { whichCommand } from "./commands.ts";
import type { Look, Part, Step } from "./parts.ts";
import { poll } from "./poll.ts";
import {
  endProcess,
  findProcess,
  identify,
  isAlive,
  recordProcess,
  type ProcessRecord,
} from "./processes.ts";
import { logPath, type Settings } from "./settings.ts";

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files it reads, by absolute path; written before it starts. */
  readonly files?: Readonly<Record<string, string>>;
  /** Files of others that it reads: it starts anew when one has changed. */
  readonly reads?: readonly string[];
  readonly version?: string;
  /** Tells this launch from others instead of command, arguments and environment. */
  readonly identity?: string;
}

export interface ProgramOptions {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly address?: string;
  readonly box?: Box;
  /** Ends it gently first; 0 when it may be killed at once. */
  readonly graceMs: number;
  readonly readyWithinMs: number;
  launch(): Promise<Launch>;
  /** Throws while it does not serve. */
  check(signal: AbortSignal): Promise<void>;
  /** Somebody else's that does the same, if there is one; looked for when ours does not run. */
  find?(signal: AbortSignal): Promise<Look | undefined>;
  /** Removes what the last one left and makes what it needs, before a start. */
  prepare?(signal: AbortSignal): Promise<void>;
}

export function programPart(settings: Settings, options: ProgramOptions): Part {
  const { name, title, needs } = options;
  const check = (signal: AbortSignal): Promise<void> =>
    options.check(AbortSignal.any([signal, AbortSignal.timeout(3_000)]));

  const look = async (signal: AbortSignal): Promise<Look> => {
    const record = await findProcess(settings, name);
    if (!record) return (await options.find?.(signal)) ?? { state: "stopped" };
    try {
      await check(signal);
    } catch (error) {
      return { state: "unhealthy", reason: (error as Error).message };
    }
    return {
      state: "healthy",
      origin: "ours",
      since: record.since,
      ...(record.version ? { version: record.version } : {}),
      ...(options.address ? { address: options.address } : {}),
    };
  };

  const isCurrent = async (): Promise<boolean> => {
    const record = await findProcess(settings, name);
    return !record || record.fingerprint === (await fingerprintOf(await options.launch()));
  };

  const bring = async ({ say, signal }: Step): Promise<string> => {
    const last = await findProcess(settings, name);
    if (last) {
      // Healing: it may only be slow to answer.
      if ((await isCurrent()) && (await answersSoon(check, signal))) return "running";
      say("ending the last one");
      await endProcess(last, options.graceMs);
    }
    await options.prepare?.(signal);
    say("starting");
    const record = await start(settings, options);
    await waitUntilReady({ settings, options, record, check, signal });
    return last ? "restarted" : "started";
  };

  return { name, title, needs, look, isCurrent, bring };
}

async function start(settings: Settings, options: ProgramOptions): Promise<ProcessRecord> {
  const { name, box } = options;
  const launch = await options.launch();
  for (const [file, text] of Object.entries(launch.files ?? {})) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const log = logPath(settings, name);
  await mkdir(path.dirname(log), { recursive: true });
  await rename(log, `${log}.1`).catch(() => undefined);
  const pid = box ? await startInBox(settings, { box, launch, log }) : await startHere(launch, log);
  const identity = await identify(pid);
  if (!identity)
    throw new PaiError("LOCAL_STACK", `start ${options.title}: it ended at once`, {
      details: await tailOf(log),
    });
  const record: ProcessRecord = {
    ...identity,
    since: new Date().toISOString(),
    fingerprint: await fingerprintOf(launch),
    ...(launch.version ? { version: launch.version } : {}),
  };
  await recordProcess(settings, name, record);
  return record;
}

async function startHere(launch: Launch, log: string): Promise<number> {
  const output = await open(log, "a");
  try {
    const child = spawn(launch.command, launch.args, {
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      cwd: "/",
      env: { ...process.env, ...launch.env },
    });
    await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
    return child.pid ?? 0;
  } finally {
    await output.close();
  }
}

// The inner shell ends at once, which makes the box's init the parent; `nsenter` itself would stay as one outside.
const LAUNCH = 'log=$1; shift; cd /; setsid "$@" >>"$log" 2>&1 </dev/null & echo $!';

async function startInBox(
  settings: Settings,
  { box, launch, log }: { box: Box; launch: Launch; log: string },
): Promise<number> {
  const init = await findBox(settings, box);
  if (!init) throw new PaiError("LOCAL_STACK", `start ${launch.command}: the ${box.name} does not run`);
  const env = { ...process.env, ...launch.env };
  const shell = ["sh", "-c", LAUNCH, "sh", log, launch.command, ...launch.args];
  const inner = Number(await runInBox(init, box, shell, { env }));
  return (await outerPid(init, inner)) ?? 0;
}

async function answersSoon(
  check: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(5_000)]);
  return poll(
    () =>
      check(soon).then(
        () => true,
        () => undefined,
      ),
    { intervalMs: 250, signal: soon },
  ).catch(() => false);
}

async function waitUntilReady(wait: {
  settings: Settings;
  options: ProgramOptions;
  record: ProcessRecord;
  check: (signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}): Promise<void> {
  const { options, record } = wait;
  const log = logPath(wait.settings, options.name);
  const deadline = AbortSignal.timeout(options.readyWithinMs);
  let reason: unknown;
  try {
    await poll(
      async () => {
        if (!(await isAlive(record))) throw new Error("it ended");
        try {
          await wait.check(wait.signal);
          return true;
        } catch (error) {
          reason = error;
          return undefined;
        }
      },
      { intervalMs: 100, signal: AbortSignal.any([wait.signal, deadline]) },
    );
  } catch (error) {
    wait.signal.throwIfAborted();
    const seconds = options.readyWithinMs / 1000;
    throw new PaiError(
      "LOCAL_STACK",
      `start ${options.title}: ${deadline.aborted ? `it does not serve after ${seconds} s` : "it ended"}`,
      {
        cause: deadline.aborted ? reason : error,
        details: [`last lines of ${log}:`, ...(await tailOf(log))],
      },
    );
  }
}

async function tailOf(log: string): Promise<string[]> {
  const text = await readFile(log, "utf8").catch(() => "");
  return text
    .trimEnd()
    .split("\n")
    .slice(-12)
    .map((line) => `  ${line.slice(0, 400)}`);
}

async function fingerprintOf(launch: Launch): Promise<string> {
  const { version: _, identity, ...whole } = launch;
  const command = (await whichCommand(launch.command)) ?? launch.command;
  const read = await Promise.all((launch.reads ?? []).map((file) => readFile(file, "utf8").catch(() => "")));
  const told =
    identity ?? JSON.stringify({ ...whole, read, command: await realpath(command).catch(() => command) });
  return createHash("sha256").update(told).digest("hex").slice(0, 16);
}
