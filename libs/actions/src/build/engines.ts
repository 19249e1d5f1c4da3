// The engines that images are built on: one, or several that share the work.
import { PaiError, type Report } from "@pai/core";
import { connectEngine, findLocalImage, type Engine, type LocalImage } from "@pai/docker";
import { createLiveEngines, type LiveEngines } from "./live-engines.ts";
import { createScheduler, type UseEngine } from "./schedule.ts";

/** What every action on images takes. */
export interface EngineOptions {
  /**
   * Addresses such as `tcp://host:2376`, or Docker contexts; PAI_ENGINES when absent, a list with commas;
   * and without both the one that the Docker client would use.
   */
  readonly engines?: readonly string[] | undefined;
}

export interface FoundImage {
  readonly engine: Engine;
  readonly image: LocalImage;
}

/** Nothing connects before it is needed. */
export interface Engines extends Pick<LiveEngines, "all" | "isLost" | "retry"> {
  /** As many as are named, whether they answer or not. */
  readonly count: number;
  /** Asks the first that answers. Throws ENGINE_UNREACHABLE when none does, as all others here. */
  readonly ask: <T>(question: (engine: Engine) => Promise<T>) => Promise<T>;
  /** In the first engine that has it. */
  readonly find: (reference: string) => Promise<FoundImage | undefined>;
  readonly use: UseEngine;
}

export function createEngines(
  { engines: names = namedByEnvironment() }: EngineOptions,
  { report, signal }: { readonly report: Report; readonly signal: AbortSignal },
): Engines {
  const engines = createLiveEngines(() => connectAll(names, report, signal), { report, signal });
  const { all, isLost, retry } = engines;
  const find: Engines["find"] = (reference) =>
    retry(async () => {
      for (const engine of await all()) {
        const image = await findLocalImage(engine, reference, signal);
        if (image) return { engine, image };
      }
      return undefined;
    });
  return {
    count: Math.max(1, names.length),
    all,
    isLost,
    retry,
    ask: (question) => retry(async () => question(firstOf(await all()))),
    find,
    use: createScheduler({ engines, find, signal }),
  };
}

async function connectAll(
  names: readonly string[],
  report: Report,
  signal: AbortSignal,
): Promise<readonly Engine[]> {
  const wanted: readonly (string | undefined)[] = names.length === 0 ? [undefined] : [...new Set(names)];
  const results = await Promise.allSettled(wanted.map((engine) => connectEngine({ engine, signal })));
  const answering = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  for (const { name, address } of answering) report({ type: "connected", to: "engine", name, address });
  const errors = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  if (answering.length === 0) throw errors[0];
  for (const error of errors) {
    // A mistake in a name is not a machine that is down.
    if (!(error instanceof PaiError) || error.code !== "ENGINE_UNREACHABLE") throw error;
    report({ type: "warning", message: `${error.message}; the others do its work` });
  }
  return answering;
}

function firstOf(engines: readonly Engine[]): Engine {
  const [first] = engines;
  if (!first) throw new Error("no engine answers, and nobody said so");
  return first;
}

function namedByEnvironment(): string[] {
  return (process.env.PAI_ENGINES ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}
