// All objects of a kind in a namespace, kept up to date by one list and a watch after it, which is begun
// anew whenever it ends.
import { PaiError } from "@pai/core";
import { setTimeout as sleep } from "node:timers/promises";
import { metadataOnly, type KubernetesObject } from "../objects.ts";
import type { Transport } from "../transport.ts";
import { readWatchEvents, type WatchEvent } from "./events.ts";

export interface WatchedList {
  /** Throws what has ended the watch for good, such as CLUSTER_DENIED. */
  items(): readonly KubernetesObject[];
  /** After the first list, or the failure to get it. */
  readonly listed: Promise<void>;
  close(): void;
}

export interface WatchedListOptions {
  readonly transport: Transport;
  /** Of the collection, such as `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Without spec, status and data. */
  readonly isMetadata?: boolean;
  readonly onChange: () => void;
}

const pageSize = "500";
// The server ends a watch after this time; events have no bookmarks, so that their silence means nothing.
const watchSeconds = { events: 80, others: 240 };

export function openWatchedList(options: WatchedListOptions): WatchedList {
  const { onChange } = options;
  const controller = new AbortController();
  const objects = new Map<string, KubernetesObject>();
  let failure: Error | undefined;
  const { promise: listed, resolve } = Promise.withResolvers<void>();
  const follow = async (): Promise<void> => {
    let version: string | undefined;
    for (let failures = 0; !controller.signal.aborted;) {
      if (version === undefined) {
        version = await listAll(options, objects);
        resolve();
        onChange();
      }
      const outcome = await watchFrom(version, options, controller.signal, (event) => {
        failures = 0;
        keep(objects, event, options);
        if (event.type !== "BOOKMARK") onChange();
      });
      version = outcome.version;
      if (outcome.isBroken) await sleep(backoffMs(failures++), undefined, { signal: controller.signal });
    }
  };
  follow().catch((error: unknown) => {
    if (!controller.signal.aborted) failure = error instanceof Error ? error : new Error(String(error));
    resolve();
    onChange();
  });
  return {
    items: () => {
      if (failure !== undefined) throw failure;
      return [...objects.values()];
    },
    listed,
    close: () => controller.abort(),
  };
}

/** Fills `objects` with what is there now. Returns the version to watch from. */
async function listAll(options: WatchedListOptions, objects: Map<string, KubernetesObject>): Promise<string> {
  const { transport, path, apiVersion, kind, isMetadata = false } = options;
  const accept = isMetadata ? { accept: metadataOnly.list } : {};
  const found = new Map<string, KubernetesObject>();
  let next: string | undefined;
  for (;;) {
    const query = { limit: pageSize, ...selectors(options), ...(next ? { continue: next } : {}) };
    const doing = `list ${kind} objects`;
    const { code, text } = await transport.send({
      method: "GET",
      path,
      query,
      ...accept,
      doing,
      allow: [410],
    });
    if (code === 410) {
      // The rest of a list that was asked for too late is gone.
      found.clear();
      next = undefined;
      continue;
    }
    const { metadata, items } = JSON.parse(text) as ListPage;
    for (const item of items ?? []) found.set(keyOf(item), { ...item, apiVersion, kind });
    next = metadata.continue;
    if (next) continue;
    objects.clear();
    for (const [key, object] of found) objects.set(key, object);
    return metadata.resourceVersion ?? "";
  }
}

interface ListPage {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly KubernetesObject[] | null;
}

interface WatchOutcome {
  /** To go on from; undefined when everything has to be listed anew. */
  readonly version: string | undefined;
  readonly isBroken: boolean;
}

async function watchFrom(
  from: string,
  options: WatchedListOptions,
  signal: AbortSignal,
  onEvent: (event: Exclude<WatchEvent, { type: "ERROR" }>) => void,
): Promise<WatchOutcome> {
  const { transport, path, kind, isMetadata = false } = options;
  let version = from;
  const seconds = kind === "Event" ? watchSeconds.events : watchSeconds.others;
  const query = {
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion: version,
    timeoutSeconds: String(seconds),
    ...selectors(options),
  };
  const { code, chunks } = await transport.open(
    {
      method: "GET",
      path,
      query,
      ...(isMetadata ? { accept: metadataOnly.watch } : {}),
      doing: `watch ${kind} objects`,
      allow: [410],
    },
    signal,
  );
  if (code === 410) return { version: undefined, isBroken: false };
  try {
    for await (const event of readWatchEvents(chunks)) {
      if (event.type === "ERROR") {
        const isExpired = event.object.code === 410;
        return { version: isExpired ? undefined : version, isBroken: !isExpired };
      }
      version = event.object.metadata.resourceVersion ?? version;
      onEvent(event);
    }
    return { version, isBroken: false };
  } catch (error) {
    if (signal.aborted || error instanceof PaiError) throw error;
    return { version, isBroken: true };
  }
}

function keep(
  objects: Map<string, KubernetesObject>,
  { type, object }: Exclude<WatchEvent, { type: "ERROR" }>,
  { apiVersion, kind }: WatchedListOptions,
): void {
  if (type === "DELETED") objects.delete(keyOf(object));
  else if (type !== "BOOKMARK") objects.set(keyOf(object), { ...object, apiVersion, kind });
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function selectors({ labelSelector, fieldSelector }: WatchedListOptions): Record<string, string> {
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

function backoffMs(failures: number): number {
  return Math.min(5000, 250 * 2 ** failures) * (0.5 + Math.random());
}
