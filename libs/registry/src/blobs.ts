// Layers and configurations in one registry: look, read, send, and mount what another repository has.
import { createHash } from "node:crypto";
import { Transform, type Readable } from "node:stream";
import { PaiError } from "@pai/core";
import type { Blob } from "./manifest.ts";
import type { Transport } from "./transport.ts";

export interface BlobOptions {
  readonly blob: Blob;
  readonly repository: string;
}

export interface Blobs {
  readonly has: (options: BlobOptions) => Promise<boolean>;
  readonly open: (options: BlobOptions) => Promise<Readable>;
  /** Begins to send something and gives up again; throws as a push would. */
  readonly tryPush: (repository: string) => Promise<void>;
  /** False when the registry does not have it in `from`, or does not mount. */
  readonly mount: (options: BlobOptions & { readonly from: string }) => Promise<boolean>;
  /** `open` is called for each attempt. Throws when what came is not what the digest says. */
  readonly send: (
    options: BlobOptions & {
      readonly open: () => Promise<Readable>;
      readonly onSent: (bytes: number) => void;
    },
  ) => Promise<void>;
}

export function createBlobs(host: string, transport: Transport): Blobs {
  const about = ({ blob, repository }: BlobOptions): string =>
    `layer ${blob.digest.slice(0, 19)} of ${host}/${repository}`;
  const pathOf = ({ blob, repository }: BlobOptions): string => `/v2/${repository}/blobs/${blob.digest}`;

  const startUpload = async (
    repository: string,
    query: string,
    doing: string,
  ): Promise<string | undefined> => {
    const answer = await transport({
      method: "POST",
      path: `/v2/${repository}/blobs/uploads/${query}`,
      doing,
    });
    answer.body.resume();
    if (answer.status === 201) return undefined;
    const location = answer.header("location");
    if (answer.status === 404 || location === undefined)
      throw new PaiError("PUSH_FAILED", `${doing}: the registry has no place for it`, {
        hint: `check that the repository exists, where ${host} does not make them by itself`,
      });
    return location;
  };
  return {
    has: async (options) => {
      const answer = await transport({
        method: "HEAD",
        path: pathOf(options),
        doing: `look for ${about(options)}`,
      });
      answer.body.resume();
      return answer.status !== 404;
    },
    open: async (options) => {
      const doing = `read ${about(options)}`;
      const answer = await transport({ method: "GET", path: pathOf(options), doing });
      if (answer.status !== 404) return answer.body;
      throw new PaiError("IMAGE_NOT_FOUND", `${doing}: the registry has lost it`, {
        hint: "build the image again with --no-cache and push it",
      });
    },
    tryPush: async (repository) => {
      const doing = `push to ${host}/${repository}`;
      const location = await startUpload(repository, "", doing);
      if (location === undefined) return;
      // Cancelling wants a right of its own in some registries; they forget it by themselves, too.
      const cancelled = await transport({ method: "DELETE", path: location, doing }).catch(() => undefined);
      cancelled?.body.resume();
    },
    mount: async ({ from, ...options }) => {
      const query = new URLSearchParams({ mount: options.blob.digest, from }).toString();
      const doing = `mount ${about(options)}`;
      // An upload that is begun and left alone is cleared away by the registry itself.
      return (await startUpload(options.repository, `?${query}`, doing)) === undefined;
    },
    send: async ({ open, onSent, ...options }) => {
      const { blob, repository } = options;
      const doing = `send ${about(options)}`;
      const location = await startUpload(repository, "", doing);
      if (location === undefined) return;
      const answer = await transport({
        method: "PUT",
        path: withDigest(location, blob.digest),
        headers: { "content-type": "application/octet-stream", "content-length": String(blob.size) },
        body: async () => checked(await open(), { digest: blob.digest, doing, onSent }),
        doing,
      });
      answer.body.resume();
      if (answer.status === 404)
        throw new PaiError("PUSH_FAILED", `${doing}: the registry forgot the upload`);
    },
  };
}

/** Relative or whole, with or without a query of the registry's own. */
function withDigest(location: string, digest: string): string {
  return `${location}${location.includes("?") ? "&" : "?"}${new URLSearchParams({ digest }).toString()}`;
}

function checked(
  source: Readable,
  {
    digest,
    doing,
    onSent,
  }: { readonly digest: string; readonly doing: string; readonly onSent: (bytes: number) => void },
): Readable {
  const [algorithm = "sha256", expected] = digest.split(":");
  const hash = createHash(algorithm);
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      onSent(chunk.length);
      done(null, chunk);
    },
    flush(done) {
      const found = hash.digest("hex");
      if (found === expected) done();
      else
        done(
          new PaiError("PUSH_FAILED", `${doing}: what was read is not what its digest says`, {
            details: [`wanted ${digest}`, `read ${algorithm}:${found}`],
          }),
        );
    },
  });
  source.on("error", (error) => check.destroy(error));
  check.on("close", () => source.destroy());
  return source.pipe(check);
}
