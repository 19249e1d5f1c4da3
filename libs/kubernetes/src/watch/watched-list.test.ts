import { expect, test } from "vitest";
import type { Transport } from "../transport.ts";
import { openWatchedList, type WatchedList } from "./watched-list.ts";

type Script = readonly {
  readonly list?: object;
  readonly watch?: readonly object[];
  readonly cut?: boolean;
}[];

/** An API server that answers with the steps one after the other, and then stays silent. */
function play(script: Script): {
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
    send: ({ query }: { query?: Record<string, string> }) => {
      asked.push(query?.["continue"] === undefined ? "list" : "list more");
      return Promise.resolve({ code: 200, text: JSON.stringify(steps.shift()?.list) });
    },
    open: ({ query }: { query?: Record<string, string> }) => {
      asked.push(`watch ${query?.["resourceVersion"]}`);
      const step = steps.shift();
      if (!step) {
        next.resolve();
        return silent;
      }
      return Promise.resolve({ code: 200, chunks: chunks(step.watch ?? [], step.cut ?? false) });
    },
  } as unknown as Transport;
  const list = openWatchedList({ transport, path: "/p", apiVersion: "v1", kind: "Pod", onChange: () => {} });
  return { list, asked, settled: () => next.promise };
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
