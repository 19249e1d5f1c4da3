// When a wait ends early: by the causes' own patience, and what a service allows on top of it.
import type { FailFast } from "@pai/model";
import { describeCause } from "../causes/find-cause.ts";
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
  let firstSeen = new Map<string, number>();
  const patienceOf = (cause: Cause): number | undefined =>
    failFast.mode === "off" || cause.doomedAfterMs === undefined
      ? undefined
      : Math.max(cause.doomedAfterMs, failFast.afterMs);
  const keysOf = ({ ref, reason, causes }: Trouble): string[] =>
    causes.length > 0
      ? causes.map((cause) => `${describeObject(ref)} ${describeCause(cause)}`)
      : [`${describeObject(ref)} ${reason}`];
  return {
    see: (troubles, now) => {
      const keys = troubles.flatMap(keysOf);
      firstSeen = new Map(keys.map((key) => [key, firstSeen.get(key) ?? now]));
    },
    hopeless: (troubles, now) => {
      const final = troubles.find(({ isFinal }) => isFinal);
      if (final) return final;
      const doomed = troubles.flatMap((trouble) =>
        trouble.causes.flatMap((cause, index) => {
          const patience = patienceOf(cause);
          const seen = firstSeen.get(keysOf(trouble)[index] ?? "") ?? now;
          return patience !== undefined && now - seen >= patience ? [{ ...trouble, causes: [cause] }] : [];
        }),
      );
      const allowed = failFast.mode === "off" ? Infinity : failFast.pods;
      // What keeps all pods from being made is no matter of single ones.
      return (
        doomed.find(({ causes: [cause] }) => !cause?.pod) ?? (doomed.length > allowed ? doomed[0] : undefined)
      );
    },
    since: (trouble) => firstSeen.get(keysOf(trouble)[0] ?? ""),
    patienceMs: ({ causes: [cause] }) => (cause === undefined ? undefined : patienceOf(cause)),
  };
}
