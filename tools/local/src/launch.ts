import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, open, readFile, realpath, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { findBox, outerPid, runInBox, type Box } from "./box.ts";
import { whichCommand } from "./commands.ts";
import { identify, recordProcess, type ProcessRecord } from "./processes.ts";
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

/** Starts the program and records it under that name; its log begins anew. */
export async function startProgram(
  settings: Settings,
  { name, launch, box }: { name: string; launch: Launch; box: Box | undefined },
): Promise<ProcessRecord> {
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
    throw new PaiError("LOCAL_STACK", `start ${name}: it ended at once`, {
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
      env: environment(launch),
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
  const shell = ["sh", "-c", LAUNCH, "sh", log, launch.command, ...launch.args];
  const inner = Number(await runInBox(init, box, shell, { env: environment(launch) }));
  return (await outerPid(init, inner)) ?? 0;
}

const inherited = /^(PATH|HOME|LANG|TZ|TMPDIR|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL)_PROXY)$/i;

/** A program that stays keeps what it needs of the caller's environment, which may hold secrets. */
const environment = (launch: Launch): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => inherited.test(name))),
  ...launch.env,
});

export async function tailOf(log: string): Promise<string[]> {
  const text = await readFile(log, "utf8").catch(() => "");
  return text
    .trimEnd()
    .split("\n")
    .slice(-12)
    .map((line) => `  ${line.slice(0, 200)}`);
}

/** Differs between launches that make different processes. */
export async function fingerprintOf(launch: Launch): Promise<string> {
  const { version: _, identity, ...whole } = launch;
  const command = (await whichCommand(launch.command)) ?? launch.command;
  const read = await Promise.all((launch.reads ?? []).map((file) => readFile(file, "utf8").catch(() => "")));
  const told =
    identity ?? JSON.stringify({ ...whole, read, command: await realpath(command).catch(() => command) });
  return createHash("sha256").update(told).digest("hex").slice(0, 16);
}
