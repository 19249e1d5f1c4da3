import type { Readable } from "node:stream";
import { PaiError } from "@pai/core";
import type { RegistryCredentials } from "./buildkit/session.ts";
import type { Engine } from "./engine/connect.ts";
import { EngineError, engineEvents } from "./engine/events.ts";
import { engineText, requestEngine, statusOf, unlessSilent } from "./engine/request.ts";
import { engineFailure, tagLocalImage, type LocalImage } from "./image-store.ts";
import { digestOf, sumPush, type PushProgress } from "./push-events.ts";
import { registryAuthHeader } from "./registry-auth.ts";

export interface PushOptions {
  readonly image: LocalImage;
  /** `registry/repository`; the engine's image gets this name for as long as it is pushed. */
  readonly repository: string;
  readonly tag: string;
  readonly credentials: RegistryCredentials | undefined;
  readonly onProgress: (progress: PushProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends one image of the engine's to a registry; returns the digest the registry gave it. The engine itself
 * tries a lost connection again for most of a minute.
 */
export async function pushImage(engine: Engine, options: PushOptions): Promise<string> {
  const { image, repository, tag, signal } = options;
  const name = `${repository}:${tag}`;
  const isNamed = image.tags.includes(name);
  if (!isNamed) await tagLocalImage(engine, { image: image.id, to: name, signal });
  try {
    return await unlessSilent(engine.docker, signal, (until) => push(engine, { ...options, signal: until }));
  } catch (error) {
    if (!signal.aborted && (error instanceof EngineError || statusOf(error) !== undefined))
      throw refused(engine, name, engineText(error));
    throw engineFailure(engine, `push ${name}`, error, signal);
  } finally {
    if (!isNamed) await removeName(engine, name);
  }
}

async function push(
  engine: Engine,
  { repository, tag, credentials, onProgress, signal }: PushOptions,
): Promise<string> {
  const body = (await engine.docker.getImage(repository).push({
    tag,
    // Without the header the engine answers 400, so that an anonymous push sends an empty one.
    authconfig: { base64: registryAuthHeader(credentials) },
    abortSignal: signal,
  })) as unknown as Readable;
  const sum = sumPush();
  let digest = "";
  for await (const event of engineEvents(body, (each) => digestOf(each) !== undefined)) {
    digest = digestOf(event) ?? digest;
    const progress = sum(event);
    if (progress) onProgress(progress);
  }
  return digest;
}

/** Also after Ctrl-C: the name was only for this push. */
async function removeName(engine: Engine, name: string): Promise<void> {
  const signal = AbortSignal.timeout(1500);
  const request = { method: "DELETE", path: `/images/${name}`, query: { noprune: "true" }, signal } as const;
  await requestEngine(engine.docker, request).catch(() => undefined);
}

/** The engine passes on the registry's answer, and Go's words for the network, as text: there is no code. */
function refused({ address }: Engine, name: string, text: string): PaiError {
  const host = name.slice(0, name.indexOf("/"));
  const cause = new Error(text);
  if (/remote error: tls: .*certificate/.test(text))
    return new PaiError("REGISTRY_DENIED", `push ${name}: ${host} wants a client certificate that it knows`, {
      cause,
      hint: `put one into /etc/docker/certs.d/${host}/client.cert and its key into client.key on the machine of ${address}`,
    });
  if (/x509:|certificate/i.test(text))
    return new PaiError(
      "REGISTRY_UNREACHABLE",
      `push ${name}: the engine does not trust the certificate of ${host}`,
      {
        cause,
        hint: `put its authority into /etc/docker/certs.d/${host}/ca.crt on the machine of ${address}`,
      },
    );
  if (text.includes("server gave HTTP response to HTTPS client"))
    return new PaiError("REGISTRY_UNREACHABLE", `push ${name}: the engine wants TLS, and ${host} has none`, {
      cause,
      hint: `add "${host}" to insecure-registries in the daemon.json of ${address} and start it again`,
    });
  if (/denied|unauthorized|no basic auth|authentication required/i.test(text))
    return new PaiError("REGISTRY_DENIED", `push ${name}`, {
      cause,
      hint: "give cluster.docker-registry username and password in services-configuration.yaml, or run docker login; pai-build login --check says what is known",
    });
  return new PaiError("PUSH_FAILED", `push ${name}`, {
    cause,
    hint: "push again: what has arrived is not sent twice",
  });
}
