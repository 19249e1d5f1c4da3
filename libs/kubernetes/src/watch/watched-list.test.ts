import { expect, test } from "vitest";
import type { Transport } from "../transport.ts";
import { openWatchedList, type WatchedList, type WatchedListOptions } from "./watched-list.ts";

type Script = readonly {
  readonly list?: object;
  readonly watch?: readonly object[];
  readonly cut?: boolean;
}[];

/** An API server that answers with the steps one after the other, and then stays silent. */
function play(
  script: Script,
  options: Partial<WatchedListOptions> = {},
): {
  readonly list: WatchedList;
  readonly asked: string[];
  settled: () => Promise<void>;
} {
  const asked: string[] = [];
  const steps = [...script];
  const next = Promise.withResolvers<void>();
  const silent = new Promise<never>(() => {});
  async function* chunks(events: readonly object[], cut: boolean): AsyncGenerator<Uint8Array> {
    for (const each of events) yield Buffer.from(`${JSON.stringify(each)}\n`);
    if (cut) throw new Error("other side closed");
  }
  const transport = {
    send: ({ query, accept = "" }: { query?: Record<string, string>; accept?: string }) => {
      asked.push(
        `${query?.["continue"] === undefined ? "list" : "list more"}${choiceOf({ ...query, accept })}`,
      );
      return Promise.resolve({ code: 200, text: JSON.stringify(steps.shift()?.list) });
    },
    open: ({ query, accept = "" }: { query?: Record<string, string>; accept?: string }) => {
      asked.push(`watch ${query?.["resourceVersion"]}${choiceOf({ ...query, accept })}`);
      const step = steps.shift();
      if (!step) {
        next.resolve();
        return silent;
      }
      return Promise.resolve({ code: 200, chunks: chunks(step.watch ?? [], step.cut ?? false) });
    },
  } as unknown as Transport;
  const base = { transport, path: "/p", apiVersion: "v1", kind: "Pod", onChange: () => {} };
  const list = openWatchedList({ ...base, ...options });
  return { list, asked, settled: () => next.promise };
}

/** What of the objects is asked for, and of which. */
function choiceOf({ labelSelector, accept = "" }: Record<string, string>): string {
  const [, as] = /as=(\w+);/.exec(accept) ?? [];
  return `${labelSelector === undefined ? "" : ` of ${labelSelector}`}${as === undefined ? "" : ` as ${as}`}`;
}

const object = (name: string, resourceVersion: string): object => ({ metadata: { name, resourceVersion } });
const names = (list: WatchedList): string[] => list.items().map(({ metadata }) => metadata.name);

test("follows what is added and deleted after the list, page by page", async () => {
  const { list, asked, settled } = play([
    { list: { metadata: { resourceVersion: "5", continue: "x" }, items: [object("a", "1")] } },
    { list: { metadata: { resourceVersion: "5" }, items: [object("b", "2")] } },
    {
      watch: [
        { type: "ADDED", object: object("c", "6") },
        { type: "DELETED", object: object("a", "7") },
        { type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } },
      ],
    },
  ]);
  await settled();
  expect(names(list)).toEqual(["b", "c"]);
  expect(list.items()[0]).toMatchObject({ apiVersion: "v1", kind: "Pod" });
  expect(asked).toEqual(["list", "list more", "watch 5", "watch 9"]);
  list.close();
});

test("an expired version, told inside an answer of 200, is listed anew", async () => {
  const { list, asked, settled } = play([
    { list: { metadata: { resourceVersion: "5" }, items: [object("a", "1")] } },
    { watch: [{ type: "ERROR", object: { code: 410, reason: "Expired" } }] },
    { list: { metadata: { resourceVersion: "50" }, items: null } },
  ]);
  await settled();
  expect(names(list)).toEqual([]);
  expect(asked).toEqual(["list", "watch 5", "list", "watch 50"]);
  list.close();
});

test("a broken connection goes on from the last version", async () => {
  const { list, asked, settled } = play([
    { list: { metadata: { resourceVersion: "5" }, items: [] } },
    { watch: [{ type: "ADDED", object: object("a", "6") }], cut: true },
  ]);
  await settled();
  expect(names(list)).toEqual(["a"]);
  expect(asked).toEqual(["list", "watch 5", "watch 6"]);
  list.close();
});

test("of some objects only the metadata", async () => {
  const { list, asked, settled } = play([{ list: { metadata: { resourceVersion: "5" }, items: [] } }], {
    labelSelector: "a=b",
    isMetadata: true,
  });
  await settled();
  expect(asked).toEqual([
    "list of a=b as PartialObjectMetadataList",
    "watch 5 of a=b as PartialObjectMetadata",
  ]);
  list.close();
});
