import { PaiError, parseImageReference } from "@pai/core";
import type { LockedBase } from "./lock.ts";
import type { Stores } from "./stores.ts";

export type Resolution = { readonly base: LockedBase } | { readonly reason: unknown };

/** What a reference means in its registry, asked from here and not by an engine. */
export async function askRegistry(
  stores: Stores,
  reference: string,
  signal: AbortSignal,
): Promise<Resolution> {
  const { registry, repository, tag = "latest" } = parseImageReference(reference);
  try {
    const store = stores.open({ domain: registry, prefix: "" });
    const identity = await store.registry.findDigest({ repository, tag });
    if (identity === undefined) return { reason: new Error(`${registry} has no such image`) };
    return { base: { kind: "digest", identity } };
  } catch (reason) {
    if (!(reason instanceof PaiError) || signal.aborted) throw reason;
    return { reason };
  }
}
