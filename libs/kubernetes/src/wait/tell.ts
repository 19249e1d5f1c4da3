import type { WaitingFor } from "@pai/core";
import type { DoomWatch } from "./doom.ts";
import { describeObject } from "../objects.ts";
import { describeTrouble, describeWaiting, worstOf, type Trouble } from "./trouble.ts";
import type { LogMemory } from "./wait-failure.ts";

export interface Teller {
  /** `now` is the milliseconds of any clock. */
  tell(troubles: readonly Trouble[], now: number): Promise<void>;
}

/** Changes that follow each other sooner are told as the last of them. */
const quietMs = 2000;

/** Tells the worst trouble when it is another one than before: a new kind of cause at once, the rest in time. */
export function createTeller(
  {
    now: serverNow,
    onWaiting,
  }: { readonly now: () => Date; readonly onWaiting: (waiting: WaitingFor) => void },
  doom: DoomWatch,
  logs: Pick<LogMemory, "lastLine">,
): Teller {
  let told = "";
  const toldKinds = new Set<string>();
  let toldAt = -Infinity;
  return {
    async tell(troubles, now) {
      const worst = worstOf(troubles);
      const text = worst && describeTrouble(worst);
      if (!worst || text === undefined || text === told) return;
      const kind = kindOf(worst);
      // A cause is worth more than the counters that were told before it.
      const isNews = kind !== undefined && !toldKinds.has(kind);
      if (!isNews && now - toldAt < quietMs) return;
      if (kind !== undefined) toldKinds.add(kind);
      told = text;
      toldAt = now;
      const since = new Date(serverNow().getTime() - (now - (doom.since(worst) ?? now)));
      const times = { since, givesUpInMs: doom.patienceMs(worst) };
      onWaiting(describeWaiting(worst, times, await logs.lastLine(worst)));
    },
  };
}

/** The same for all pods of the object; undefined where nothing but its counters is known. */
function kindOf({ ref, causes: [cause] }: Trouble): string | undefined {
  return cause && JSON.stringify([describeObject(ref), cause.container, cause.kind ?? cause.text]);
}
