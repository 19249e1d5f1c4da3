import type { Readable } from "node:stream";
import { PaiError } from "@pai/core";
import type { Engine } from "./engine/connect.ts";
import { EngineError, engineEvents } from "./engine/events.ts";
import { requestEngine, unlessSilent } from "./engine/request.ts";
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
  let blamed = from;
  try {
    await unlessSilent(from.docker, signal, async (sending) => {
      const save = {
        method: "GET",
        path: `/images/${reference}/get`,
        stream: true,
        signal: sending,
      } as const;
      const archive = (await requestEngine(from.docker, save)) as Readable;
      const broken = new AbortController();
      // The other side would wait for the rest of it.
      archive.on("error", (error) => broken.abort(error));
      const whole = AbortSignal.any([sending, broken.signal]);
      try {
        await unlessSilent(to.docker, whole, (until) => load(to, archive, until));
      } catch (error) {
        if (!whole.aborted) blamed = to;
        throw error;
      } finally {
        archive.destroy();
      }
    });
  } catch (error) {
    if (!signal.aborted && error instanceof EngineError)
      throw new PaiError("BUILD_FAILED", doing, { cause: error });
    throw engineFailure(blamed, doing, error, signal);
  }
}

async function load({ docker }: Engine, body: Readable, signal: AbortSignal): Promise<void> {
  const request = { method: "POST", path: "/images/load", query: { quiet: "1" }, stream: true } as const;
  const answer = await requestEngine(docker, { ...request, body, signal });
  for await (const _ of engineEvents(answer as Readable, () => true));
}
