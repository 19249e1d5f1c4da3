// The engines that images are built on: one, or several that share the work.
import { PaiError, type Report } from "@pai/core";
import { connectEngine, copyImage, findLocalImage, type Engine, type LocalImage } from "@pai/docker";

/** What every action on images takes. */
export interface EngineOptions {
  /**
   * Addresses such as `tcp://host:2376`, or Docker contexts; PAI_ENGINES when absent, a list with commas;
   * and without both the one that the Docker client would use.
   */
  readonly engines?: readonly string[] | undefined;
}

/** An image that has to be there for a build. */
export interface NeededImage {
  readonly reference: string;
  /** Where a name alone does not tell which image it is. */
  readonly id?: string;
}

export interface FoundImage {
  readonly engine: Engine;
  readonly image: LocalImage;
}

/** Nothing connects before it is needed. */
export interface Engines {
  /** As many as are named, whether they answer or not. */
  readonly count: number;
  /** The first that answers. */
  readonly first: () => Promise<Engine>;
  /** Those that answer. Throws ENGINE_UNREACHABLE when none does. */
  readonly all: () => Promise<readonly Engine[]>;
  /** In the first engine that has it. */
  readonly find: (reference: string) => Promise<FoundImage | undefined>;
  /**
   * Runs `work` on an engine that has what is needed, else on the one with the least to do, to which the
   * missing is brought first. What no engine has is left to the work.
   */
  readonly use: <T>(needs: readonly NeededImage[], work: (engine: Engine) => Promise<T>) => Promise<T>;
}

/** More at once gains nothing: an engine's disk and processors are the limit. */
export const buildsPerEngine = 4;

export function createEngines(
  { engines = namedByEnvironment() }: EngineOptions,
  { report, signal }: { readonly report: Report; readonly signal: AbortSignal },
): Engines {
  let connected: Promise<readonly Engine[]> | undefined;
  const all = (): Promise<readonly Engine[]> => (connected ??= connectAll(engines, report, signal));
  const find = async (reference: string): Promise<FoundImage | undefined> => {
    for (const engine of await all()) {
      const image = await findLocalImage(engine, reference, signal);
      if (image) return { engine, image };
    }
    return undefined;
  };
  return {
    count: Math.max(1, engines.length),
    first: async () => firstOf(await all()),
    all,
    find,
    use: createScheduler(all, find, signal),
  };
}

function createScheduler(all: Engines["all"], find: Engines["find"], signal: AbortSignal): Engines["use"] {
  const running = new Map<Engine, number>();
  const load = (engine: Engine): number => running.get(engine) ?? 0;
  const copies = new Map<string, Promise<void>>();

  const bring = (reference: string, from: Engine, to: Engine): Promise<void> => {
    const key = `${to.address} ${reference}`;
    const copy = copies.get(key) ?? copyImage({ reference, from, to, signal });
    copies.set(key, copy);
    return copy;
  };
  return async (needs, work) => {
    const engines = await all();
    const ranked = await rank(engines, needs, signal);
    // Chosen and counted without a pause in between, so that two builds never see the same free place.
    const [best] = ranked.toSorted(
      (a, b) =>
        Number(isFull(load(a.engine))) - Number(isFull(load(b.engine))) ||
        a.missing.length - b.missing.length ||
        load(a.engine) - load(b.engine),
    );
    const { engine, missing } = best ?? { engine: firstOf(engines), missing: [] };
    running.set(engine, load(engine) + 1);
    try {
      for (const { reference } of missing) {
        const found = await find(reference);
        if (found && found.engine !== engine) await bring(reference, found.engine, engine);
      }
      return await work(engine);
    } finally {
      running.set(engine, load(engine) - 1);
    }
  };
}

interface RankedEngine {
  readonly engine: Engine;
  readonly missing: readonly NeededImage[];
}

/** Without the engines where one of the names stands for another image. */
async function rank(
  engines: readonly Engine[],
  needs: readonly NeededImage[],
  signal: AbortSignal,
): Promise<RankedEngine[]> {
  if (engines.length === 1) return [];
  const ranked = await Promise.all(
    engines.map(async (engine) => {
      const images = await Promise.all(
        needs.map(async ({ reference }) => findLocalImage(engine, reference, signal)),
      );
      const isOther = ({ id }: NeededImage, index: number): boolean =>
        id !== undefined && images[index] !== undefined && images[index].id !== id;
      const missing = needs.filter((_, index) => images[index] === undefined);
      return needs.some(isOther) ? [] : [{ engine, missing }];
    }),
  );
  return ranked.flat();
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

function isFull(load: number): boolean {
  return load >= buildsPerEngine;
}

function namedByEnvironment(): string[] {
  return (process.env.PAI_ENGINES ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}
