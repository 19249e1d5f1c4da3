import type { Readable } from "node:stream";
import type { BlobOptions, Blobs } from "./blobs.ts";

export interface ReceiveOptions extends BlobOptions {
  /** A repository of the same registry that has it. */
  readonly mountFrom?: string;
  /** Called only when it has to be sent, for each attempt. */
  readonly open: () => Promise<Readable>;
  readonly onSent: (bytes: number) => void;
}

/**
 * Images that are copied side by side share layers: the first of them sends one, the others wait for it and
 * mount it.
 */
export function receiveOnce(blobs: Blobs): (options: ReceiveOptions) => Promise<void> {
  const places = new Map<string, Promise<string>>();

  const receive = async (options: ReceiveOptions, from: string | undefined): Promise<string> => {
    const { blob, repository } = options;
    const isThere =
      (await blobs.has({ blob, repository })) ||
      (from !== undefined && from !== repository && (await blobs.mount({ blob, repository, from })));
    if (!isThere) await blobs.send(options);
    return repository;
  };
  return async (options) => {
    const { digest } = options.blob;
    const known = await places.get(digest)?.catch(() => undefined);
    if (known === options.repository) return;
    const place = receive(options, known ?? options.mountFrom);
    places.set(digest, place);
    await place;
  };
}
