// When a wait ends early: by the causes' own patience, and what a service allows on top of it.
import type { FailFast } from "@pai/model";
import type { Cause } from "../causes/types.ts";
import { describeObject } from "../objects.ts";
import type { Trouble } from "./trouble.ts";

export interface DoomWatch {
  /** Remembers since when each cause is there. `now` is any clock's milliseconds. */
  see(troubles: readonly Trouble[], now: number): void;
  /** The trouble to give up for; undefined while there is hope. */
  hopeless(troubles: readonly Trouble[], now: number): Trouble | undefined;
  /** When the cause of a trouble was first seen. */
  since(trouble: Trouble): number | undefined;
  /** How long a trouble has to last until the wait ends; undefined where that is no matter of time. */
  patienceMs(trouble: Trouble): number | undefined;
}

export function createDoomWatch(failFast: FailFast): DoomWatch {
  let firstSeen = new Map<string, Times>();
  const longEnough = (doomedAfterMs: number | undefined): number | undefined =>
    failFast.mode === "off" || doomedAfterMs === undefined
      ? undefined
      : Math.max(doomedAfterMs, failFast.afterMs);
  return {
    see: (troubles, now) => {
      const seen = troubles.flatMap((trouble) => signsOf(trouble));
      firstSeen = new Map(
        seen.map(({ key, patience }) => [key, timesWith(firstSeen.get(key), { patience, now })]),
      );
    },
    hopeless: (troubles, now) => {
      const final = troubles.find(({ isFinal }) => isFinal);
      if (final) return final;
      const doomed = troubles.flatMap((trouble) =>
        trouble.causes.flatMap((cause) => {
          const { key, patience } = signOf(trouble, cause);
          const times = firstSeen.get(key) ?? timesWith(undefined, { patience, now });
          const isOver = [...times].some(([each, since]) => now - since >= (longEnough(each) ?? Infinity));
          return isOver ? [{ ...trouble, causes: [cause] }] : [];
        }),
      );
      const allowed = failFast.mode === "off" ? Infinity : failFast.pods;
      // What keeps all pods from being made is no matter of single ones.
      return (
        doomed.find(({ causes: [cause] }) => !cause?.pod) ?? (doomed.length > allowed ? doomed[0] : undefined)
      );
    },
    since: (trouble) => {
      const times = firstSeen.get(signsOf(trouble)[0]?.key ?? "");
      return times && Math.min(...times.values());
    },
    patienceMs: ({ causes: [cause] }) => longEnough(cause?.doomedAfterMs),
  };
}

/** By patience: since when a cause has been at least as hopeless as that. */
type Times = ReadonlyMap<number, number>;

interface Sign {
  readonly key: string;
  /** Infinity for what may always pass. */
  readonly patience: number;
}

function signsOf(trouble: Trouble): Sign[] {
  const { ref, reason, causes } = trouble;
  if (causes.length === 0) return [{ key: `${describeObject(ref)} ${reason}`, patience: Infinity }];
  return causes.map((cause) => signOf(trouble, cause));
}

function signOf({ ref }: Trouble, { pod, container, kind, text, doomedAfterMs = Infinity }: Cause): Sign {
  const parts = [describeObject(ref), pod?.metadata.name, container, kind ?? text];
  return { key: JSON.stringify(parts), patience: doomedAfterMs };
}

/** What is more hopeless than before counts anew as such, and goes on as what it was. */
function timesWith(before: Times | undefined, { patience, now }: { patience: number; now: number }): Times {
  const lasting = [...(before ?? [])].filter(([each]) => each >= patience);
  return new Map([[patience, now], ...lasting]);
}
