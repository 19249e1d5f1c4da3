import { PaiError } from "@pai/core";
import type { FindCredentials } from "./credentials.ts";
import { registryName } from "./registry-host.ts";
import { createTransport } from "./transport.ts";

/** An image as a registry keeps it: a repository with a tag, or with a digest in the tag's place. */
export interface StoredImage {
  readonly repository: string;
  readonly tag: string;
}

export interface Registry {
  readonly host: string;
  /** The manifest's digest, or undefined when the registry has no such image. */
  findDigest(image: StoredImage): Promise<string | undefined>;
  /**
   * Makes `to` name what `from` names, without moving a layer; `to` may be in another repository of the
   * same registry. Throws IMAGE_NOT_FOUND. Returns the digest.
   */
  copyTag(options: { readonly from: StoredImage; readonly to: StoredImage }): Promise<string>;
}

// Without them, registry 2.8 converts to schema 1 and answers the digest of that.
const manifestTypes = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
].join(", ");

interface Manifest {
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
  readonly manifests?: readonly { readonly digest: string }[];
}

export function connectRegistry(options: {
  readonly host: string;
  readonly findCredentials: FindCredentials;
  readonly signal: AbortSignal;
}): Registry {
  const host = registryName(options.host);
  const send = createTransport({ ...options, host });
  const nameOf = ({ repository, tag }: StoredImage): string =>
    `${host}/${repository}${tag.includes(":") ? "@" : ":"}${tag}`;
  const manifestPath = ({ repository, tag }: StoredImage): string => `/v2/${repository}/manifests/${tag}`;
  const accept = { accept: manifestTypes };

  const findDigest = async (image: StoredImage): Promise<string | undefined> => {
    const doing = `look for ${nameOf(image)}`;
    const response = await send({ method: "HEAD", path: manifestPath(image), headers: accept, doing });
    if (response.status === 404) return undefined;
    return digestOf(response, doing);
  };

  const mount = async (digest: string, from: string, to: string): Promise<void> => {
    const query = new URLSearchParams({ mount: digest, from });
    const doing = `copy a layer of ${host}/${from} to ${host}/${to}`;
    const response = await send({
      method: "POST",
      path: `/v2/${to}/blobs/uploads/?${query.toString()}`,
      doing,
    });
    await response.body?.cancel();
    if (response.status !== 201)
      throw new PaiError("PUSH_FAILED", `${doing}: the registry does not mount ${digest}`);
  };

  const copyTag = async ({ from, to }: { from: StoredImage; to: StoredImage }): Promise<string> => {
    const response = await send({
      method: "GET",
      path: manifestPath(from),
      headers: accept,
      doing: `read ${nameOf(from)}`,
    });
    if (response.status === 404)
      throw new PaiError("IMAGE_NOT_FOUND", `tag ${nameOf(to)}: there is no ${nameOf(from)}`);
    const type = response.headers.get("content-type") ?? "";
    const body = new Uint8Array(await response.arrayBuffer());
    if (from.repository !== to.repository) {
      const { config, layers = [], manifests = [] } = JSON.parse(new TextDecoder().decode(body)) as Manifest;
      for (const { digest } of [...(config ? [config] : []), ...layers])
        await mount(digest, from.repository, to.repository);
      for (const { digest } of manifests) {
        const part = { repository: from.repository, tag: digest };
        await copyTag({ from: part, to: { repository: to.repository, tag: digest } });
      }
    }
    const doing = `tag ${nameOf(to)}`;
    const put = await send({
      method: "PUT",
      path: manifestPath(to),
      headers: { "content-type": type },
      body,
      doing,
    });
    await put.body?.cancel();
    if (put.status === 404)
      throw new PaiError("IMAGE_NOT_FOUND", `${doing}: the registry has no such repository`);
    return digestOf(put, doing);
  };
  return { host, findDigest, copyTag };
}

function digestOf(response: Response, doing: string): string {
  const digest = response.headers.get("docker-content-digest");
  if (digest === null) throw new PaiError("REGISTRY_UNREACHABLE", `${doing}: the answer names no digest`);
  return digest;
}
