// For whoever looks at the cluster again and again: what a look has read is watched, so that the next one
// waits until any of it is different.
import { setTimeout as sleep } from "node:timers/promises";
import type { Objects } from "../objects.ts";
import type { WatchedView, WatchQuery, Watches } from "./watch-pool.ts";

export interface RememberedReads {
  readonly objects: Objects;
  /** What to watch to hear of every change of what was read by now. */
  readonly queries: () => readonly WatchQuery[];
}

export function rememberReads(objects: Objects): RememberedReads {
  const queries = new Map<string, WatchQuery>();
  const answered = async <T>(query: WatchQuery, answer: Promise<T>): Promise<T> => {
    const result = await answer;
    queries.set(JSON.stringify(query), query);
    return result;
  };
  return {
    objects: {
      ...objects,
      find: (ref) => {
        const { name, ...place } = ref;
        const query = { ...place, fieldSelector: `metadata.name=${name}`, isMetadata: true };
        return answered(query, objects.find(ref));
      },
      list: (query) => answered(query, objects.list(query)),
      listMetadata: (query) => answered({ ...query, isMetadata: true }, objects.listMetadata(query)),
    },
    queries: () => [...queries.values()],
  };
}

export interface ReadWatch {
  /** Resolves when something has changed since the call before, or may have: the first time and at the latest. */
  changed(
    queries: readonly WatchQuery[],
    times: { readonly soonestMs: number; readonly latestMs: number },
    signal: AbortSignal,
  ): Promise<void>;
  close(): void;
}

export function watchReads(watches: Watches): ReadWatch {
  let view: WatchedView | undefined;
  let watched = new Set<string>();
  return {
    async changed(queries, { soonestMs, latestMs }, signal) {
      if (!view || queries.some((query) => !watched.has(JSON.stringify(query)))) {
        const next = await watches.open(queries);
        view?.close();
        view = next;
        watched = new Set(queries.map((query) => JSON.stringify(query)));
        // Nobody has heard of what changed between the look and the watch.
        return sleep(soonestMs, undefined, { signal });
      }
      await sleep(soonestMs, undefined, { signal });
      return view.changed(isWatched(view, queries) ? latestMs - soonestMs : 0, signal);
    },
    close: () => view?.close(),
  };
}

/** Not where somebody may list and not watch. */
function isWatched(view: WatchedView, queries: readonly WatchQuery[]): boolean {
  try {
    for (const query of queries) view.list(query);
    return true;
  } catch {
    return false;
  }
}
