// Watches that several waits share: one a kind and namespace, however many services are looked at.
import type { KubernetesObject, Objects } from "../objects.ts";
import type { Transport } from "../transport.ts";
import { openWatchedList, type WatchedList } from "./watched-list.ts";

export interface WatchQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Without spec, status and data. */
  readonly isMetadata?: boolean;
}

export interface Watches {
  /** Listed already; to be closed by the caller. Throws CLUSTER_DENIED and whatever else keeps it from being listed. */
  open(queries: readonly WatchQuery[]): Promise<WatchedView>;
  /** Ends all of them. */
  close(): void;
}

export interface WatchedView {
  readonly list: (query: WatchQuery) => readonly KubernetesObject[];
  /** Resolves with the next change after this call or since the last one, and after `ms` at the latest. */
  changed(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

interface Entry {
  readonly list: WatchedList;
  readonly listeners: Set<() => void>;
  users: number;
  closing: NodeJS.Timeout | undefined;
}

/** Kept for the next service, which often looks at the same namespace. */
const idleMs = 10_000;

export function createWatches(transport: Transport, objects: Pick<Objects, "collection">): Watches {
  const entries = new Map<string, Entry>();

  const acquire = (query: WatchQuery, onChange: () => void): Entry => {
    const key = keyOf(query);
    const entry = entries.get(key) ?? openEntry(query, key);
    clearTimeout(entry.closing);
    entry.users += 1;
    entry.listeners.add(onChange);
    return entry;
  };
  const openEntry = (query: WatchQuery, key: string): Entry => {
    const listeners = new Set<() => void>();
    const list = openWatchedList({
      transport,
      path: objects.collection(query),
      ...query,
      onChange: () => {
        for (const listener of listeners) listener();
      },
    });
    const entry = { list, listeners, users: 0, closing: undefined };
    entries.set(key, entry);
    return entry;
  };
  const release = (query: WatchQuery, onChange: () => void): void => {
    const key = keyOf(query);
    const entry = entries.get(key);
    if (!entry) return;
    entry.listeners.delete(onChange);
    entry.users -= 1;
    if (entry.users > 0) return;
    const close = (): void => {
      entry.list.close();
      if (entries.get(key) === entry) entries.delete(key);
    };
    if (isBroken(entry.list)) close();
    else entry.closing = setTimeout(close, idleMs).unref();
  };

  return {
    async open(queries) {
      const notice = createNotice();
      const held = new Map(
        queries.map((query) => [keyOf(query), { query, entry: acquire(query, notice.raise) }] as const),
      );
      await Promise.all([...held.values()].map(({ entry }) => entry.list.listed));
      return {
        list: (query) => held.get(keyOf(query))?.entry.list.items() ?? [],
        changed: notice.wait,
        close: () => {
          for (const { query } of held.values()) release(query, notice.raise);
          held.clear();
        },
      };
    },
    close: () => {
      for (const { list, closing } of entries.values()) {
        clearTimeout(closing);
        list.close();
      }
      entries.clear();
    },
  };
}

function isBroken(list: WatchedList): boolean {
  try {
    list.items();
    return false;
  } catch {
    return true;
  }
}

/** Something to wait for that is not missed when it comes before the wait. */
function createNotice(): { raise: () => void; wait: (ms: number, signal: AbortSignal) => Promise<void> } {
  let isRaised = false;
  let wake: (() => void) | undefined;
  return {
    raise: () => {
      isRaised = true;
      wake?.();
    },
    async wait(ms, signal) {
      signal.throwIfAborted();
      if (!isRaised) {
        await new Promise<void>((resolve, reject) => {
          const onAbort = (): void => {
            done();
            reject(signal.reason as Error);
          };
          const done = (): void => {
            clearTimeout(timer);
            signal.removeEventListener("abort", onAbort);
            wake = undefined;
          };
          wake = () => {
            done();
            resolve();
          };
          const timer = setTimeout(wake, ms);
          signal.addEventListener("abort", onAbort, { once: true });
        });
      }
      isRaised = false;
    },
  };
}

function keyOf(query: WatchQuery): string {
  const {
    apiVersion,
    kind,
    namespace = "",
    labelSelector = "",
    fieldSelector = "",
    isMetadata = false,
  } = query;
  return [apiVersion, kind, namespace, labelSelector, fieldSelector, isMetadata].join(" ");
}
