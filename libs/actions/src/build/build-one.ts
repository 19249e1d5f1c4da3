// Builds one image from the tree with the engine; whether that is needed has been decided before.
import { parseImageReference, type Report } from "@pai/core";
import {
  buildImage,
  makePrivateTree,
  openBuildLog,
  packContext,
  readDockerignore,
  rewriteBases,
  walkContext,
  type BuildLog,
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
  const { root, identity } = options;
  const { image } = identity;
  requireSecrets(image, options.secrets);
  const log = openBuildLog(root, `dist/logs/${image.name}.log`);
  try {
    if (findHooks(root, image.service.folder).length === 0)
      return await build(options, identity.entries, log);
    return await buildBetweenHooks(options, log);
  } finally {
    log.close();
  }
}

async function buildBetweenHooks(options: BuildOneOptions, log: BuildLog): Promise<BuiltImage> {
  const { root, identity, mask, report, signal } = options;
  const { image } = identity;
  const { service } = image;
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
      log,
      onLine: (line: string) => report({ type: "output", service: service.name, image: image.name, line }),
      mask,
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
    const built = await build(options, entries, log);
    await runHook({ ...hook, name: "build-post.sh" });
    return built;
  } finally {
    tree.remove();
  }
}

async function build(
  options: BuildOneOptions,
  entries: readonly ContextEntry[],
  log: BuildLog,
): Promise<BuiltImage> {
  const { root, identity, stores, engine, report, signal, noCache, releaseTag } = options;
  const { image, dockerfile } = identity;
  const about = { service: image.service.name, image: image.name };
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
    root,
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
    log,
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
