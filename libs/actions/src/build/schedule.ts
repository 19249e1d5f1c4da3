// Which engine an image is built on, and what it gets from the others before.
import { copyImage, findLocalImage, type Engine } from "@pai/docker";
import type { FoundImage } from "./engines.ts";
import type { LiveEngines } from "./live-engines.ts";

/** An image that has to be there for a build. */
export interface NeededImage {
  readonly reference: string;
  /** Where a name alone does not tell which image it is. */
  readonly id?: string;
  /** Makes it be there again after the engine that had it has gone. */
  readonly make?: () => Promise<unknown>;
}

/**
 * Runs `work` on an engine that has what is needed, else on the one with the least to do, to which the missing
 * is brought first. What no engine has is left to the work.
 */
export type UseEngine = <T>(
  needs: readonly NeededImage[],
  work: (engine: Engine) => Promise<T>,
) => Promise<T>;

export interface ScheduleOptions {
  readonly engines: LiveEngines;
  readonly find: (reference: string) => Promise<FoundImage | undefined>;
  readonly signal: AbortSignal;
}

/** More at once gains nothing: an engine's disk and processors are the limit. */
export const buildsPerEngine = 4;

export function createScheduler({ engines, find, signal }: ScheduleOptions): UseEngine {
  const copies = new Map<string, Promise<void>>();

  const copy = async ({ engine: from }: FoundImage, reference: string, to: Engine): Promise<void> => {
    if (from === to) return;
    const key = `${to.address} ${reference}`;
    const known = copies.get(key) ?? copyImage({ reference, from, to, signal });
    copies.set(key, known);
    try {
      await known;
    } catch (error) {
      // Another engine may have it.
      copies.delete(key);
      throw error;
    }
  };
  const bring = async ({ reference, make }: NeededImage, to: Engine): Promise<void> => {
    let found = await find(reference);
    if (!found && make && engines.hasLost()) {
      await make();
      found = await find(reference);
    }
    if (found) await copy(found, reference, to);
  };
  return async (needs, work) => {
    const all = await engines.all();
    // One alone has what there is, or can pull it.
    const ranked = all.length === 1 && !engines.hasLost() ? [] : await rank(all, needs, signal);
    const { load } = engines;
    // Chosen and counted without a pause in between, so that two builds never see the same free place.
    const [best] = ranked.toSorted(
      (a, b) =>
        Number(isFull(load(a.engine))) - Number(isFull(load(b.engine))) ||
        a.missing.length - b.missing.length ||
        load(a.engine) - load(b.engine),
    );
    const { engine, missing } = best ?? { engine: all[0], missing: [] };
    if (!engine) throw new Error("no engine answers, and nobody said so");
    return engines.occupy(engine, async () => {
      for (const need of missing) await bring(need, engine);
      return work(engine);
    });
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

function isFull(load: number): boolean {
  return load >= buildsPerEngine;
}
