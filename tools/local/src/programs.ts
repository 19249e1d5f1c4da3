// A part that is a program: started detached with its log, known by its record, judged by its health check.
import { PaiError } from "@pai/core";
import type { Box } from "./box.ts";
import { fingerprintOf, startProgram, tailOf, type Launch } from "./launch.ts";
import type { Look, Part, Step } from "./parts.ts";
import { poll } from "./poll.ts";
import { endProcess, findProcess, isAlive, type ProcessRecord } from "./processes.ts";
import { logPath, type Settings } from "./settings.ts";

/** What a program reads first can be much, such as an engine's layers, and others may keep the processors busy. */
const READY_WITHIN_MS = 300_000;

const CHECK_WITHIN_MS = 3_000;

export interface ProgramOptions {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly address?: string;
  readonly box?: Box;
  /** Ends it gently first; 0 when it may be killed at once. */
  readonly graceMs: number;
  /** How long one that runs may take to serve again when what it needs was away. */
  readonly healsWithinMs?: number;
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
  const check = async (signal: AbortSignal): Promise<void> => {
    const soon = AbortSignal.timeout(CHECK_WITHIN_MS);
    await options.check(AbortSignal.any([signal, soon])).catch((error: unknown) => {
      throw soon.aborted ? new Error(`it does not answer within ${CHECK_WITHIN_MS / 1000} s`) : error;
    });
  };

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
      const soon = AbortSignal.any([signal, AbortSignal.timeout(options.healsWithinMs ?? 5_000)]);
      if ((await isCurrent()) && (await answers(check, soon))) return "running";
      say("ending the last one");
      await endProcess(last, options.graceMs);
    }
    await options.prepare?.(signal);
    say("starting");
    const record = await startProgram(settings, { name, launch: await options.launch(), box: options.box });
    await waitUntilReady({ settings, options, record, check, say, signal });
    return last ? "restarted" : "started";
  };

  return { name, title, needs, look, isCurrent, bring };
}

function answers(check: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<boolean> {
  const ask = (): Promise<true | undefined> =>
    check(signal).then(
      () => true,
      () => undefined,
    );
  return poll(ask, { intervalMs: 250, signal }).catch(() => false);
}

async function waitUntilReady(wait: {
  settings: Settings;
  options: ProgramOptions;
  record: ProcessRecord;
  check: (signal: AbortSignal) => Promise<void>;
  say: Step["say"];
  signal: AbortSignal;
}): Promise<void> {
  const { options, record } = wait;
  const log = logPath(wait.settings, options.name);
  const deadline = AbortSignal.timeout(READY_WITHIN_MS);
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
          wait.say(`starting; ${(error as Error).message}`);
          return undefined;
        }
      },
      { intervalMs: 100, signal: AbortSignal.any([wait.signal, deadline]) },
    );
  } catch (cause) {
    wait.signal.throwIfAborted();
    const what = deadline.aborted ? `it does not serve after ${READY_WITHIN_MS / 1000} s` : "it ended";
    throw new PaiError("LOCAL_STACK", `start ${options.title}: ${what}`, {
      cause: reason ?? cause,
      details: [`last lines of ${log}:`, ...(await tailOf(log))],
    });
  }
}
