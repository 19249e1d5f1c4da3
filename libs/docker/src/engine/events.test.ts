import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { engineEvents, type EngineEvent } from "./events.ts";

async function read(...chunks: (string | Buffer)[]): Promise<EngineEvent[]> {
  const body = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  const events: EngineEvent[] = [];
  for await (const event of engineEvents(body, ({ aux }) => aux !== undefined)) events.push(event);
  return events;
}

test("joins lines and characters that arrive in pieces", async () => {
  const text = Buffer.from('{"status":"grüße"}\n{"aux":{"ID":"1"}}');
  await expect(read(text.subarray(0, 14), text.subarray(14))).resolves.toEqual([
    { status: "grüße" },
    { aux: { ID: "1" } },
  ]);
});

test("an error in the answer fails it, though the engine said 200", async () => {
  await expect(read('{"errorDetail":{"message":"exit code: 7"},"error":"exit"}\n{"aux":{}}')).rejects.toThrow(
    "exit code: 7",
  );
});

test("an answer without its result has ended early", async () => {
  await expect(read('{"status":"working"}\n')).rejects.toThrow("the engine's answer ended early");
});
