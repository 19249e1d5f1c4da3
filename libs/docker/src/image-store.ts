import { PaiError } from "@pai/core";
import type { Engine } from "./engine/connect.ts";
import { EngineLost } from "./engine/lost.ts";
import { engineText, requestEngine, statusOf } from "./engine/request.ts";

/** An image that an engine holds. */
export interface LocalImage {
  /** `sha256:…` of its configuration; not the digest that a registry knows it by. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  /** `name@sha256:…` for each repository it was pulled from or pushed to. */
  readonly digests: readonly string[];
  readonly created: Date;
  /** Bytes of all layers, those shared with other images included. */
  readonly size: number;
  /** `linux/amd64`; a list of images does not say. */
  readonly platform?: string;
}

interface InspectedImage {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
  readonly Created?: string;
  readonly Size?: number;
  readonly Os?: string;
  readonly Architecture?: string;
  readonly Config?: { readonly Labels?: Readonly<Record<string, string>> | null } | null;
}

export async function findLocalImage(
  engine: Engine,
  reference: string,
  signal: AbortSignal,
): Promise<LocalImage | undefined> {
  try {
    const path = `/images/${reference}/json`;
    const image = (await requestEngine(engine.docker, { method: "GET", path, signal })) as InspectedImage;
    return {
      id: image.Id,
      labels: image.Config?.Labels ?? {},
      tags: image.RepoTags ?? [],
      digests: image.RepoDigests ?? [],
      created: new Date(image.Created ?? 0),
      size: image.Size ?? 0,
      platform: `${image.Os}/${image.Architecture}`,
    };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineFailure(engine, `look for image ${reference}`, error, signal);
  }
}

/** `to` is `repository:tag`. */
export async function tagLocalImage(
  engine: Engine,
  { image, to, signal }: { readonly image: string; readonly to: string; readonly signal: AbortSignal },
): Promise<void> {
  const colon = to.lastIndexOf(":");
  const query = { repo: to.slice(0, colon), tag: to.slice(colon + 1) };
  try {
    await requestEngine(engine.docker, { method: "POST", path: `/images/${image}/tag`, query, signal });
  } catch (error) {
    throw engineFailure(engine, `tag image ${to}`, error, signal);
  }
}

/** Names the engine where it went away, and what was done where it refused. */
export function engineFailure(engine: Engine, doing: string, cause: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (statusOf(cause) !== undefined)
    return new PaiError("BUILD_FAILED", doing, { cause: new Error(engineText(cause)) });
  return new EngineLost(engine, doing, cause);
}
