import { expect, test } from "vitest";
import { waitUntilGone } from "./gone.ts";
import type { KubernetesObject, ListQuery, ObjectRef, Objects } from "./objects.ts";
import type { WatchQuery, Watches } from "./watch/watch-pool.ts";

const daemonSet = (name: string, more: object = {}): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name, namespace: "x", uid: name, ...more },
});
const podOf = (owner: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: `${owner}-1`,
    namespace: "x",
    uid: `${owner}-1`,
    ownerReferences: [{ uid: owner, kind: "DaemonSet", name: owner }],
  },
});
const ending = { deletionTimestamp: "2026-01-01T00:00:00Z" };

/** What is there at each look; watches may be behind, and always tell the same. */
function cluster(
  [first = [], ...later]: readonly (readonly KubernetesObject[])[],
  behind?: readonly KubernetesObject[],
): { readonly objects: Objects; readonly watches: Watches; readonly asked: string[] } {
  const asked: string[] = [];
  let now = first;
  const view = {
    list: ({ kind }: WatchQuery) => (behind ?? now).filter((each) => each.kind === kind),
    changed: () => {
      now = later.shift() ?? now;
      return Promise.resolve();
    },
    close: () => asked.push("close"),
  };
  const objects = {
    find: ({ kind, name }: ObjectRef) => Promise.reject(new Error(`read ${kind} ${name}`)),
    list: (query: ListQuery) => {
      asked.push(`list ${query.kind}`);
      return Promise.resolve(now.filter(({ kind }) => kind === query.kind));
    },
  } as unknown as Objects;
  const open: Watches["open"] = (queries) => {
    asked.push(...queries.map(({ kind }) => `watch ${kind}`));
    return Promise.resolve(view);
  };
  return { objects, watches: { open, close: () => {} }, asked };
}

function wait(
  { objects, watches }: ReturnType<typeof cluster>,
  told: string[] = [],
  timeoutMs = 60_000,
): Promise<KubernetesObject[]> {
  return waitUntilGone({
    objects,
    watches,
    service: "a",
    workloads: [daemonSet("a"), daemonSet("b")],
    ownership: { uids: new Set(["a", "b"]) },
    timeoutMs,
    signal: new AbortController().signal,
    onWaiting: (reason) => told.push(reason),
  });
}

test("what is ending is watched, a watch per kind and namespace, and lists have the last word", async () => {
  const there = cluster([
    [daemonSet("a", ending), daemonSet("b", ending), podOf("a"), podOf("b")],
    [podOf("a")],
    [podOf("a")],
    [],
  ]);
  const told: string[] = [];
  expect(await wait(there, told)).toEqual([]);
  expect(told).toEqual(["4 objects still ending", "Pod x/a-1 still ending"]);
  const kinds = ["DaemonSet", "Pod", "ReplicaSet", "Job"];
  expect(there.asked.filter((each) => each.startsWith("list "))).toEqual(kinds.map((kind) => `list ${kind}`));
  expect(there.asked.at(-1)).toBe("close");
});

test("what nobody has deleted is no reason to wait, nor are its pods", async () => {
  const there = cluster([
    [daemonSet("a"), podOf("a"), podOf("b")],
    [daemonSet("a"), podOf("a")],
  ]);
  expect(await wait(there)).toEqual([daemonSet("a")]);
});

test("a watch that is behind does not end the wait", async () => {
  const told: string[] = [];
  expect(await wait(cluster([[podOf("b")], []], []), told)).toEqual([]);
  expect(told).toEqual(["Pod x/b-1 still ending"]);
});

test("after its time, what is left is named", async () => {
  const there = cluster([[daemonSet("a", ending), podOf("b")]]);
  await expect(wait(there, [], 0)).rejects.toMatchObject({
    message: "a has not ended after 0 s",
    details: ["left     DaemonSet x/a", "left     Pod x/b-1"],
  });
});
