import { expect, test } from "vitest";
import type { Objects } from "../objects.ts";
import { rememberReads, watchReads } from "./reads.ts";
import type { WatchQuery, Watches } from "./watch-pool.ts";

const pods = { apiVersion: "v1", kind: "Pod", namespace: "x" };
const nodes = { apiVersion: "v1", kind: "Node" };
const { signal } = new AbortController();

/** Tells which watches are opened, and how long each wait for a change may last. */
function pool(refused?: WatchQuery): { readonly watches: Watches; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const open: Watches["open"] = (queries) => {
    seen.push(queries.map(({ kind }) => kind));
    return Promise.resolve({
      list: (query) => {
        if (query === refused) throw new Error("forbidden");
        return [];
      },
      changed: (ms) => {
        seen.push(ms);
        return Promise.resolve();
      },
      close: () => seen.push("close"),
    });
  };
  return { watches: { open, close: () => {} }, seen };
}

test("every read is remembered as what has to be watched, and a refused one is not", async () => {
  const { objects, queries } = rememberReads({
    find: () => Promise.resolve(undefined),
    list: ({ kind }: WatchQuery) =>
      kind === "Node" ? Promise.reject(new Error("forbidden")) : Promise.resolve([]),
    listMetadata: () => Promise.resolve([]),
  } as unknown as Objects);
  await objects.find({ ...pods, name: "a" });
  await objects.list({ ...pods, labelSelector: "a=b" });
  await objects.listMetadata(pods);
  await objects.listMetadata({ ...pods });
  await expect(objects.list(nodes)).rejects.toThrow("forbidden");
  expect(queries()).toEqual([
    { ...pods, fieldSelector: "metadata.name=a", isMetadata: true },
    { ...pods, labelSelector: "a=b" },
    { ...pods, isMetadata: true },
  ]);
});

test("watches stay as long as they tell of all that is read, and new ones are followed by one more look", async () => {
  const { watches, seen } = pool();
  const watch = watchReads(watches);
  const times = { soonestMs: 1, latestMs: 1001 };
  await watch.changed([pods], times, signal);
  await watch.changed([pods], times, signal);
  await watch.changed([pods, nodes], times, signal);
  await watch.changed([{ ...nodes }], times, signal);
  watch.close();
  expect(seen).toEqual([["Pod"], 1000, ["Pod", "Node"], "close", 1000, "close"]);
});

test("where something cannot be watched, nobody waits for a change", async () => {
  const { watches, seen } = pool(nodes);
  const watch = watchReads(watches);
  await watch.changed([pods, nodes], { soonestMs: 1, latestMs: 1001 }, signal);
  await watch.changed([pods, nodes], { soonestMs: 1, latestMs: 1001 }, signal);
  expect(seen).toEqual([["Pod", "Node"], 0]);
});
