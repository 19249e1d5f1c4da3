import type { Readable } from "node:stream";
import { PaiError } from "@pai/core";
import type { Engine } from "./engine/connect.ts";
import { EngineError, engineEvents } from "./engine/events.ts";
import { requestEngine } from "./engine/request.ts";
import { engineFailure } from "./image-store.ts";

/** Brings an image, with this name, from one engine to another; layers that are there already are sent again. */
export async function copyImage(options: {
  readonly reference: string;
  readonly from: Engine;
  readonly to: Engine;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { reference, from, to, signal } = options;
  const doing = `copy image ${reference} from ${from.address} to ${to.address}`;
  const broken = new AbortController();
  let archive: Readable | undefined;
  try {
    const save = { method: "GET", path: `/images/${reference}/get`, stream: true, signal } as const;
    archive = (await requestEngine(from.docker, save)) as Readable;
    // The other side would wait for the rest of it.
    archive.on("error", (error) => broken.abort(error));
    const load = { method: "POST", path: "/images/load", body: archive, query: { quiet: "1" } } as const;
    const until = AbortSignal.any([signal, broken.signal]);
    const answer = await requestEngine(to.docker, { ...load, stream: true, signal: until });
    for await (const _ of engineEvents(answer as Readable, () => true));
  } catch (error) {
    if (!signal.aborted && error instanceof EngineError)
      throw new PaiError("BUILD_FAILED", doing, { cause: error });
    const hasSent = archive !== undefined && !broken.signal.aborted;
    throw engineFailure(hasSent ? to : from, doing, error, signal);
  } finally {
    archive?.destroy();
  }
}
