// Copies an image from registry to registry, or within one, without an engine: layers that are there already
// or can be mounted are not sent.
import { mapAtOnce, PaiError } from "@pai/core";
import type { Registry, StoredImage } from "./client.ts";
import { parseManifest, type StoredManifest } from "./manifest.ts";

export interface CopyImageOptions {
  readonly from: { readonly registry: Registry; readonly image: StoredImage };
  readonly to: { readonly registry: Registry; readonly image: StoredImage };
  /** Of the layers that have to be sent; called often. */
  readonly onProgress?: (progress: { readonly sent: number; readonly total: number }) => void;
}

const blobsAtOnce = 4;

/** Returns the digest, which is the same in both. Throws IMAGE_NOT_FOUND when `from` is not there. */
export async function copyImage(options: CopyImageOptions): Promise<string> {
  const { from, to } = options;
  const manifest = await from.registry.readManifest(from.image);
  if (!manifest)
    throw new PaiError(
      "IMAGE_NOT_FOUND",
      `tag ${to.registry.nameOf(to.image)}: there is no ${from.registry.nameOf(from.image)}`,
    );
  await copyParts(manifest, options);
  const digest = await to.registry.writeManifest(to.image, manifest);
  if (digest === manifest.digest) return digest;
  throw new PaiError(
    "PUSH_FAILED",
    `copy ${from.registry.nameOf(from.image)}: ${to.registry.host} has another digest`,
    {
      details: [`sent ${manifest.digest}`, `found ${digest}`],
    },
  );
}

async function copyParts(
  manifest: StoredManifest,
  { from, to, onProgress }: CopyImageOptions,
): Promise<void> {
  const isSamePlace = from.registry === to.registry && from.image.repository === to.image.repository;
  if (isSamePlace) return;
  const { blobs, images } = parseManifest(manifest);
  for (const { digest } of images) {
    const part = (repository: string): StoredImage => ({ repository, tag: digest });
    await copyImage({
      from: { ...from, image: part(from.image.repository) },
      to: { ...to, image: part(to.image.repository) },
      ...(onProgress ? { onProgress } : {}),
    });
  }
  let [sent, total] = [0, 0];
  await mapAtOnce(blobs, { limit: blobsAtOnce }, (blob) =>
    to.registry.receiveBlob({
      blob,
      repository: to.image.repository,
      ...(from.registry === to.registry ? { mountFrom: from.image.repository } : {}),
      open: () => {
        total += blob.size;
        return from.registry.openBlob({ blob, repository: from.image.repository });
      },
      onSent: (bytes) => onProgress?.({ sent: (sent += bytes), total }),
    }),
  );
}
