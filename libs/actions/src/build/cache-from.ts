import { PaiError } from "@pai/core";
import { findLocalImage, type Engine } from "@pai/docker";
import type { Stores } from "./stores.ts";

/**
 * The registry's image of the release tag, for an engine that has none of this image yet: what has not changed
 * since is then not built anew. An engine that has one takes its steps from its own cache, and asks nobody.
 */
export async function findEarlier(
  stores: Stores,
  options: {
    readonly engine: Engine;
    readonly image: string;
    readonly releaseTag: string;
    readonly signal: AbortSignal;
  },
): Promise<readonly string[]> {
  const { engine, image, releaseTag, signal } = options;
  const { full } = stores.names(image);
  if (await findLocalImage(engine, `${full}:${releaseTag}`, signal)) return [];
  try {
    const digest = await stores.findDigest(image, releaseTag);
    return digest === undefined ? [] : [`${full}@${digest}`];
  } catch (error) {
    // It only saves time: whoever needs the registry says that it does not answer.
    if (error instanceof PaiError && !signal.aborted) return [];
    throw error;
  }
}
