import { PaiError } from "@pai/core";
import type { FindCredentials } from "./credentials.ts";
import { manifestTypes, parseConfig, type ImageConfig, type Manifest } from "./manifest.ts";
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
  /** In the registry's order; none when it has no such repository. */
  listTags(repository: string): Promise<string[]>;
  /** What the image's configuration says; undefined when the registry has no such image, or an index of several. */
  readConfig(image: StoredImage): Promise<ImageConfig | undefined>;
  /** Removes the manifest with all tags that name it. Many registries do not allow it. */
  deleteManifest(image: {
    readonly repository: string;
    readonly digest: string;
  }): Promise<"deleted" | "absent" | "not allowed">;
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

  const listTags = async (repository: string): Promise<string[]> => {
    const tags: string[] = [];
    let path: string | undefined = `/v2/${repository}/tags/list`;
    while (path !== undefined) {
      const response: Response = await send({
        method: "GET",
        path,
        doing: `list the tags of ${host}/${repository}`,
      });
      if (response.status === 404) break;
      const { tags: page } = (await response.json()) as { tags?: string[] | null };
      tags.push(...(page ?? []));
      path = nextPage(response.headers.get("link"), path);
    }
    return tags;
  };

  const readConfig = async (image: StoredImage): Promise<ImageConfig | undefined> => {
    const doing = `read ${nameOf(image)}`;
    const response = await send({ method: "GET", path: manifestPath(image), headers: accept, doing });
    if (response.status === 404) return undefined;
    const digest = digestOf(response, doing);
    const { config } = (await response.json()) as Manifest;
    if (!config) return undefined;
    const blob = await send({ method: "GET", path: `/v2/${image.repository}/blobs/${config.digest}`, doing });
    return blob.status === 404 ? undefined : { digest, ...parseConfig(await blob.text()) };
  };

  const deleteManifest: Registry["deleteManifest"] = async ({ repository, digest }) => {
    const response = await send({
      method: "DELETE",
      path: manifestPath({ repository, tag: digest }),
      doing: `delete ${host}/${repository}@${digest}`,
      allow: [405],
    });
    await response.body?.cancel();
    if (response.status === 404) return "absent";
    return response.status === 405 ? "not allowed" : "deleted";
  };
  return { host, findDigest, copyTag, listTags, readConfig, deleteManifest };
}

/** Of a `Link: </v2/…?last=b&n=100>; rel="next"` header, which may also hold a whole URL. */
function nextPage(link: string | null, path: string): string | undefined {
  const [, target] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? "") ?? [];
  if (target === undefined) return undefined;
  const { pathname, search } = new URL(target, new URL(path, "http://registry"));
  return pathname + search;
}

function digestOf(response: Response, doing: string): string {
  const digest = response.headers.get("docker-content-digest");
  if (digest === null) throw new PaiError("REGISTRY_UNREACHABLE", `${doing}: the answer names no digest`);
  return digest;
}
