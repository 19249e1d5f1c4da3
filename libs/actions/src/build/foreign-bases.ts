import { readFileSync } from "node:fs";
import path from "node:path";
import { nearMisses, PaiError, parseImageReference } from "@pai/core";
import { excerptOf, findLocalImage, findRemoteDigest, type LocalImage } from "@pai/docker";
import type { BaseImage } from "@pai/model";
import type { Stores } from "./stores.ts";
import type { BuildTree, TreeImage } from "./tree.ts";

/** Images that the tree starts from and does not make itself. */
export interface ForeignBases {
  /** What the reference stands for now: a digest, or the engine's id of an image that has none. */
  readonly identityOf: (base: BaseImage, image: TreeImage) => Promise<string>;
}

export function createForeignBases(tree: BuildTree, stores: Stores, signal: AbortSignal): ForeignBases {
  const known = new Map<string, Promise<{ identity: string } | { reason: unknown }>>();
  const resolve = async (reference: string): Promise<{ identity: string } | { reason: unknown }> => {
    const { registry, digest } = parseImageReference(reference);
    if (digest !== undefined) return { identity: digest };
    const engine = await stores.engine();
    // What the engine has is what it would build on: it asks no registry then, and neither do we.
    const local = await findLocalImage(engine, reference, signal);
    if (local) return { identity: digestIn(local, reference) ?? local.id };
    const credentials = await stores.findCredentials(registry);
    const remote = await findRemoteDigest(engine, { reference, credentials, signal });
    return remote.found ? { identity: remote.digest } : { reason: remote.reason };
  };
  return {
    identityOf: async (base, image) => {
      const found = known.get(base.reference) ?? resolve(base.reference);
      known.set(base.reference, found);
      const result = await found;
      if ("identity" in result) return result.identity;
      throw missing(tree, base, image, result.reason);
    },
  };
}

function digestIn({ digests }: LocalImage, reference: string): string | undefined {
  const wanted = parseImageReference(reference);
  return digests
    .map(parseImageReference)
    .find(({ registry, repository }) => registry === wanted.registry && repository === wanted.repository)
    ?.digest;
}

function missing(tree: BuildTree, base: BaseImage, image: TreeImage, cause: unknown): PaiError {
  const near = nearMisses(base.reference.replace(/:latest$/, ""), tree.images.keys()).map(
    (name) => `"${name}"`,
  );
  const text = readFileSync(path.join(tree.root, image.dockerfile), "utf8");
  return new PaiError(
    "IMAGE_NOT_FOUND",
    `${image.name}: its base image ${base.reference} is not in the engine and cannot be pulled`,
    {
      cause,
      location: { file: image.dockerfile, line: base.line, excerpt: excerptOf(text, base.line) },
      hint:
        near.length > 0
          ? `did you mean ${near.join(" or ")}?`
          : "check its name, and docker login for a private one",
    },
  );
}
