import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { PaiError } from "@pai/core";
import { createBlobs, type BlobOptions } from "./blobs.ts";
import type { Answer, RegistryAccess } from "./connection.ts";
import type { FindCredentials } from "./credentials.ts";
import { connectionFailure } from "./failures.ts";
import {
  manifestTypes,
  parseConfig,
  parseManifest,
  type ImageConfig,
  type StoredManifest,
} from "./manifest.ts";
import { registryName } from "./registry-host.ts";
import { receiveOnce, type ReceiveOptions } from "./receive-blob.ts";
import { createTransport } from "./transport.ts";

/** An image as a registry keeps it: a repository with a tag, or with a digest in the tag's place. */
export interface StoredImage {
  readonly repository: string;
  readonly tag: string;
}

export interface Registry {
  readonly host: string;
  /** `host/repository:tag`, for messages. */
  readonly nameOf: (image: StoredImage) => string;
  /** The manifest's digest, or undefined when the registry has no such image. */
  readonly findDigest: (image: StoredImage) => Promise<string | undefined>;
  readonly readManifest: (image: StoredImage) => Promise<StoredManifest | undefined>;
  /** Its layers must be there. Returns the digest that the registry says. */
  readonly writeManifest: (image: StoredImage, manifest: StoredManifest) => Promise<string>;
  readonly openBlob: (options: BlobOptions) => Promise<Readable>;
  /** Throws REGISTRY_DENIED where these credentials may not push; leaves nothing behind. */
  readonly tryPush: (repository: string) => Promise<void>;
  /** Makes the repository have a layer; what it has, gets now or can mount is not sent. */
  readonly receiveBlob: (options: ReceiveOptions) => Promise<void>;
  /** In the registry's order; none when it has no such repository. */
  readonly listTags: (repository: string) => Promise<string[]>;
  /** What the image's configuration says; undefined when the registry has no such image, or an index of several. */
  readonly readConfig: (image: StoredImage) => Promise<ImageConfig | undefined>;
  /** Removes the manifest with all tags that name it. Many registries do not allow it. */
  readonly deleteManifest: (image: {
    readonly repository: string;
    readonly digest: string;
  }) => Promise<"deleted" | "absent" | "not allowed">;
}

export interface ConnectOptions {
  readonly host: string;
  readonly access?: RegistryAccess;
  readonly findCredentials: FindCredentials;
  readonly signal: AbortSignal;
}

/** Talks to it at the first call. */
export function connectRegistry(options: ConnectOptions): Registry {
  const host = registryName(options.host);
  const send = createTransport({ access: {}, ...options, host });
  const blobs = createBlobs(host, send);
  const nameOf = ({ repository, tag }: StoredImage): string =>
    `${host}/${repository}${tag.includes(":") ? "@" : ":"}${tag}`;
  const pathOf = ({ repository, tag }: StoredImage): string => `/v2/${repository}/manifests/${tag}`;
  const headers = { accept: manifestTypes };
  const readBody = async (body: Readable, doing: string): Promise<Buffer> => {
    try {
      return await buffer(body);
    } catch (cause) {
      options.signal.throwIfAborted();
      throw connectionFailure(host, doing, cause);
    }
  };

  const findDigest: Registry["findDigest"] = async (image) => {
    const doing = `look for ${nameOf(image)}`;
    const answer = await send({ method: "HEAD", path: pathOf(image), headers, doing });
    answer.body.resume();
    return answer.status === 404 ? undefined : digestOf(answer, doing);
  };

  const readManifest: Registry["readManifest"] = async (image) => {
    const doing = `read ${nameOf(image)}`;
    const answer = await send({ method: "GET", path: pathOf(image), headers, doing });
    const bytes = await readBody(answer.body, doing);
    if (answer.status === 404) return undefined;
    return { digest: digestOf(answer, doing), type: answer.header("content-type") ?? "", bytes };
  };

  const writeManifest: Registry["writeManifest"] = async (image, { type, bytes }) => {
    const doing = `tag ${nameOf(image)}`;
    const request = { method: "PUT", path: pathOf(image), headers: { "content-type": type } } as const;
    const answer = await send({ ...request, body: bytes, doing });
    answer.body.resume();
    if (answer.status === 404)
      throw new PaiError("IMAGE_NOT_FOUND", `${doing}: the registry has no such repository`);
    return digestOf(answer, doing);
  };

  const listTags: Registry["listTags"] = async (repository) => {
    const tags: string[] = [];
    const doing = `list the tags of ${host}/${repository}`;
    let path: string | undefined = `/v2/${repository}/tags/list`;
    while (path !== undefined) {
      const answer: Answer = await send({ method: "GET", path, doing });
      const text = String(await readBody(answer.body, doing));
      if (answer.status === 404) break;
      tags.push(...((JSON.parse(text) as { tags?: string[] | null }).tags ?? []));
      path = nextPage(answer.header("link"), path);
    }
    return tags;
  };

  const readConfig: Registry["readConfig"] = async (image) => {
    const manifest = await readManifest(image);
    const config = manifest && parseManifest(manifest).config;
    if (!config) return undefined;
    const body = await blobs.open({ blob: config, repository: image.repository });
    const text = String(await readBody(body, `read ${nameOf(image)}`));
    return { digest: manifest.digest, ...parseConfig(text) };
  };

  const deleteManifest: Registry["deleteManifest"] = async ({ repository, digest }) => {
    const path = pathOf({ repository, tag: digest });
    const doing = `delete ${host}/${repository}@${digest}`;
    const answer = await send({ method: "DELETE", path, doing, allow: [405] });
    answer.body.resume();
    if (answer.status === 404) return "absent";
    return answer.status === 405 ? "not allowed" : "deleted";
  };
  return {
    host,
    nameOf,
    findDigest,
    readManifest,
    writeManifest,
    openBlob: blobs.open,
    tryPush: blobs.tryPush,
    receiveBlob: receiveOnce(blobs),
    listTags,
    readConfig,
    deleteManifest,
  };
}

/** Of a `Link: </v2/…?last=b&n=100>; rel="next"` header, which may also hold a whole URL. */
function nextPage(link: string | undefined, path: string): string | undefined {
  const [, target] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? "") ?? [];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target, new URL(path, "http://registry"));
  return pathname + search;
}

function digestOf(answer: Answer, doing: string): string {
  const digest = answer.header("docker-content-digest");
  if (digest === undefined)
    throw new PaiError("REGISTRY_UNREACHABLE", `${doing}: the answer names no digest`);
  return digest;
}
