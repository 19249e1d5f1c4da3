import { expect, test } from "vitest";
import { readWatchEvents } from "./events.ts";

async function* inParts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test.each([1, 3, 7, 1000])("lines are whole, though they come in parts of %d bytes", async (size) => {
  const events = ["a", "ü", "名"].map((name) => ({ type: "ADDED", object: { metadata: { name } } }));
  const text = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  const read = await all(readWatchEvents(inParts(Buffer.from(text), size)));
  expect(read).toEqual(events);
});

test("a line that was cut off is none", async () => {
  const text = '{"type":"ADDED","object":{}}\n{"type":"MODI';
  expect(await all(readWatchEvents(inParts(Buffer.from(text), 5)))).toHaveLength(1);
});
