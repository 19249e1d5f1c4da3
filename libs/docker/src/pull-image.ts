import type { Readable } from "node:stream";
import type { RegistryCredentials } from "./buildkit/session.ts";
import type { Engine } from "./engine/connect.ts";
import { EngineError, engineEvents } from "./engine/events.ts";
import { requestEngine, statusOf, unlessSilent } from "./engine/request.ts";
import { engineFailure } from "./image-store.ts";
import { registryAuthHeader } from "./registry-auth.ts";

/** Brings an image from its registry. False when engine or registry refuses. */
export async function pullImage(
  engine: Engine,
  options: {
    /** `name@sha256:…` */
    readonly reference: string;
    readonly credentials: RegistryCredentials | undefined;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  const { reference, credentials, signal } = options;
  const request = {
    method: "POST",
    path: "/images/create",
    query: { fromImage: reference },
    auth: registryAuthHeader(credentials),
    stream: true,
  } as const;
  try {
    await unlessSilent(engine.docker, signal, async (signal) => {
      const answer = (await requestEngine(engine.docker, { ...request, signal })) as Readable;
      for await (const _ of engineEvents(answer, () => true));
    });
    return true;
  } catch (error) {
    if (!signal.aborted && (error instanceof EngineError || statusOf(error) !== undefined)) return false;
    throw engineFailure(engine, `pull ${reference}`, error, signal);
  }
}
