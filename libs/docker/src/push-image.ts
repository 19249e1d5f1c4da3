import type { Readable } from "node:stream";
import { PaiError } from "@pai/core";
import type { RegistryCredentials } from "./buildkit/session.ts";
import type { Engine } from "./engine/connect.ts";
import { EngineError, engineEvents, type EngineEvent } from "./engine/events.ts";
import { engineText, statusOf } from "./engine/request.ts";
import { engineFailure } from "./image-store.ts";
import { registryAuthHeader } from "./registry-auth.ts";

export interface PushOptions {
  /** `registry/repository` */
  readonly repository: string;
  readonly tag: string;
  readonly credentials: RegistryCredentials | undefined;
  /** How much of all layers is sent, when it changes. */
  readonly onProgress: (progress: { readonly sent: number; readonly total: number }) => void;
  readonly signal: AbortSignal;
}

/** Sends one tag of the engine's to its registry; returns the digest the registry gave it. */
export async function pushImage(engine: Engine, options: PushOptions): Promise<string> {
  const { repository, tag, credentials, signal } = options;
  const name = `${repository}:${tag}`;
  let digest = "";
  const layers = new Map<string, { sent: number; total: number }>();
  try {
    const body = (await engine.docker.getImage(repository).push({
      tag,
      // Without the header the engine answers 400, so that an anonymous push sends an empty one.
      authconfig: { base64: registryAuthHeader(credentials) },
      abortSignal: signal,
    })) as unknown as Readable;
    for await (const event of engineEvents(body, (each) => digestOf(each) !== undefined)) {
      digest = digestOf(event) ?? digest;
      if (addLayer(layers, event)) options.onProgress(sumOf(layers));
    }
    return digest;
  } catch (error) {
    if (!signal.aborted && (error instanceof EngineError || statusOf(error) !== undefined))
      throw refused(name, engineText(error));
    throw engineFailure(engine, `push ${name}`, error, signal);
  }
}

function digestOf({ aux, status }: EngineEvent): string | undefined {
  const { Digest: digest } = (aux ?? {}) as { Digest?: string };
  // Podman names the digest only in its text.
  return digest ?? /digest: (sha256:[a-f0-9]{64})/.exec(status ?? "")?.[1];
}

function addLayer(layers: Map<string, { sent: number; total: number }>, event: EngineEvent): boolean {
  const { current = 0, total = 0 } = event.progressDetail ?? {};
  if (event.id === undefined || total === 0) return false;
  layers.set(event.id, { sent: Math.min(current, total), total });
  return true;
}

function sumOf(layers: ReadonlyMap<string, { sent: number; total: number }>): {
  sent: number;
  total: number;
} {
  const all = [...layers.values()];
  return {
    sent: all.reduce((sum, { sent }) => sum + sent, 0),
    total: all.reduce((sum, { total }) => sum + total, 0),
  };
}

function refused(name: string, text: string): PaiError {
  // The engine passes on the registry's answer as text only: there is no code to tell them apart by.
  const denied = /denied|unauthorized|no basic auth|authentication required/i.test(text);
  return new PaiError(denied ? "REGISTRY_DENIED" : "PUSH_FAILED", `push ${name}`, {
    cause: new Error(text),
    hint: denied
      ? "give cluster.docker-registry username and password in services-configuration.yaml, or run docker login"
      : "push again: what has arrived is not sent twice",
  });
}
