// The engines of a run that still answer. One that goes away is left out from then on; the last one stays, so
// that the run fails with what is wrong with it.
import { PaiError, type Report } from "@pai/core";
import { EngineLost, isAlive, type Engine } from "@pai/docker";

export interface LiveEngines {
  readonly all: () => Promise<readonly Engine[]>;
  readonly isLost: (engine: Engine) => boolean;
  readonly hasLost: () => boolean;
  /** How much is done on it at the moment. */
  readonly load: (engine: Engine) => number;
  /** Counts as load while it runs. */
  readonly occupy: <T>(engine: Engine, work: () => Promise<T>) => Promise<T>;
  /** Begins anew without the engine that goes away in the work, as long as another is left. */
  readonly retry: <T>(work: () => Promise<T>) => Promise<T>;
}

export function createLiveEngines(
  connect: () => Promise<readonly Engine[]>,
  { report, signal }: { readonly report: Report; readonly signal: AbortSignal },
): LiveEngines {
  let connecting: Promise<readonly Engine[]> | undefined;
  let connected: readonly Engine[] = [];
  const lost = new Set<Engine>();
  let lastLoss: EngineLost | undefined;
  const running = new Map<Engine, number>();
  const load = (engine: Engine): number => running.get(engine) ?? 0;
  const besides = (engine: Engine): Engine[] =>
    connected.filter((each) => each !== engine && !lost.has(each));

  /** False when it is the last one. */
  const giveUp = (engine: Engine): boolean => {
    if (lost.has(engine)) return true;
    const others = besides(engine);
    if (others.length === 0) return false;
    lost.add(engine);
    report({ type: "warning", message: describeLoss(engine, load(engine), others) });
    return true;
  };
  const lossBehind = async (engine: Engine, error: unknown): Promise<unknown> => {
    if (signal.aborted || error instanceof EngineLost) return error;
    // A step that ends because its engine is shut down looks like one that failed by itself.
    const isDoubtful = error instanceof PaiError && error.code === "BUILD_FAILED";
    if (!isDoubtful || besides(engine).length === 0 || (await isAlive(engine, signal))) return error;
    return new EngineLost(engine, error.message, error);
  };
  return {
    all: async () => {
      connected = await (connecting ??= connect());
      return connected.filter((engine) => !lost.has(engine));
    },
    isLost: (engine) => lost.has(engine),
    hasLost: () => lost.size > 0,
    load,
    occupy: async (engine, work) => {
      running.set(engine, load(engine) + 1);
      try {
        return await work();
      } catch (error) {
        const loss = await lossBehind(engine, error);
        // While what runs on it is still counted.
        if (!signal.aborted && loss instanceof EngineLost) giveUp(loss.engine);
        throw loss;
      } finally {
        running.set(engine, load(engine) - 1);
      }
    },
    retry: async (work) => {
      for (let tries = 1; ; tries++) {
        try {
          return await work();
        } catch (error) {
          if (signal.aborted || !(error instanceof EngineLost)) throw error;
          // One error for all images that it stops.
          if (tries >= connected.length || !giveUp(error.engine)) throw (lastLoss ??= error);
        }
      }
    },
  };
}

function describeLoss({ address }: Engine, load: number, others: readonly Engine[]): string {
  const names = others.map((each) => each.address).join(", ");
  const what = `the engine at ${address} does not answer any more`;
  if (load === 0) return `${what}: its work goes to ${names}`;
  return `${what}: ${load} ${load === 1 ? "image moves" : "images move"} to ${names}`;
}
