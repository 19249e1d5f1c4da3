// Builds one image from the tree with the engine; whether that is needed has been decided before.
import path from "node:path";
import { parseImageReference, type Report } from "@pai/core";
import {
  buildImage,
  makePrivateTree,
  packContext,
  readDockerignore,
  rewriteBases,
  walkContext,
  type BuildOptions,
  type BuiltImage,
  type ContextEntry,
  type Engine,
} from "@pai/docker";
import type { ChooseBuilder } from "./builder.ts";
import { withEarlier } from "./cache-from.ts";
import { findHooks, runHook } from "./hooks.ts";
import { contextFolders, type ImageIdentity } from "./identity.ts";
import { encodeInputs } from "./inputs.ts";
import { requireSecrets, type Secrets } from "./secrets.ts";
import type { Stores } from "./stores.ts";

export interface BuildOneOptions {
  /** Absolute. */
  readonly root: string;
  readonly identity: ImageIdentity;
  readonly stores: Stores;
  /** References that name the image when it is built; the content tag is among them. */
  readonly tags: readonly string[];
  /** Under which the registry may have an earlier image. */
  readonly releaseTag: string;
  readonly network: string;
  readonly engine: Engine;
  readonly chooseBuilder: ChooseBuilder;
  readonly secrets: Secrets;
  /** Runs every step again. */
  readonly noCache: boolean;
  /** The commit that the tree is at. */
  readonly findRevision: () => Promise<string | undefined>;
  readonly report: Report;
  readonly mask: (text: string) => string;
  readonly signal: AbortSignal;
}

export async function buildOne(options: BuildOneOptions): Promise<BuiltImage> {
  const { root, identity, mask, report, signal } = options;
  const { image } = identity;
  const { service } = image;
  requireSecrets(image, options.secrets);
  if (findHooks(root, service.folder).length === 0) return build(options, identity.entries);

  const onLine = (line: string): void =>
    report({ type: "output", service: service.name, image: image.name, line: mask(line) });
  const tree = makePrivateTree({
    root,
    target: `dist/build/${image.name}`,
    folder: service.folder,
    folders: contextFolders(service),
  });
  try {
    const hook = {
      folder: service.folder,
      root: tree.root,
      source: root,
      image: image.name,
      onLine,
      onWarning: (message: string) => report({ type: "warning", service: service.name, message }),
      signal,
    };
    await runHook({ ...hook, name: "build-pre.sh" });
    const entries = walkContext({
      root,
      folders: [{ source: tree.folder, target: "" }],
      ignore: readDockerignore(root, image.dockerfile, service.folder),
      paths: image.contextPaths,
    });
    const built = await build(options, entries);
    await runHook({ ...hook, name: "build-post.sh" });
    return built;
  } finally {
    tree.remove();
  }
}

async function build(options: BuildOneOptions, entries: readonly ContextEntry[]): Promise<BuiltImage> {
  const { root, identity, stores, engine, report, signal, noCache, releaseTag } = options;
  const { image, dockerfile } = identity;
  const about = { service: image.service.name, image: image.name };
  const log = `dist/logs/${image.name}.log`;
  const replacements = [
    ...identity.ownBases.map((base) => ({
      ...base,
      replacement: `${stores.names(base.image).full}:${base.tag}`,
    })),
    ...identity.pinnedBases.map((base) => ({ ...base, replacement: base.exact })),
  ];
  const text = rewriteBases(dockerfile.text, dockerfile.instructions, replacements);
  const [builder, revision] = await Promise.all([
    options.chooseBuilder(engine, identity),
    options.findRevision(),
  ]);
  const request = async (cacheFrom: readonly string[]): Promise<BuildOptions> => ({
    image: image.name,
    builder,
    context: await packContext({ root, entries, dockerfile: { path: dockerfile.path, text } }),
    dockerfile: { ...dockerfile, file: image.dockerfile },
    tags: options.tags,
    labels: labelsOf(identity, revision),
    args: image.build?.args ?? {},
    target: image.build?.target,
    platform: image.build?.platform,
    noCache,
    cacheFrom,
    network: options.network,
    hosts: hostsOf(identity, stores),
    credentials: stores.findCredentials,
    secret: options.secrets.find,
    log: { path: path.join(root, log), name: log },
    onStep: (step) => report({ type: "step", ...about, ...step }),
    onOutput: (line) => report({ type: "output", ...about, line }),
    mask: options.mask,
    signal,
  });
  if (noCache) return buildImage(engine, await request([]));
  const earlier = { ...about, stores, engine, builder, releaseTag, report, signal };
  return withEarlier(earlier, async (cacheFrom) => buildImage(engine, await request(cacheFrom)));
}

function labelsOf(
  { image, tag, inputs }: ImageIdentity,
  revision: string | undefined,
): Readonly<Record<string, string>> {
  return {
    "pai.owner": "pai",
    "pai.service": image.service.name,
    "pai.image": image.name,
    "pai.content": tag,
    "pai.inputs": encodeInputs(inputs()),
    ...(revision === undefined ? {} : { "pai.revision": revision }),
  };
}

/** Where the images come from that the Dockerfile names. */
function hostsOf({ image, ownBases }: ImageIdentity, stores: Stores): string[] {
  const own = new Set(ownBases.map(({ reference }) => reference));
  const foreign = image.bases.filter(({ reference }) => !own.has(reference));
  return [
    ...foreign.map(({ reference }) => parseImageReference(reference).registry),
    ...(own.size > 0 ? [stores.registry.host] : []),
  ];
}
