// The registry's image of the release tag, for an engine that has none of this image yet: what has not changed
// since is then not built anew. An engine that has one takes its steps from its own cache, and asks nobody.
import { PaiError, parseImageReference, type Report } from "@pai/core";
import { findLocalImage, pullImage, removeLocalImage, type Builder, type Engine } from "@pai/docker";
import type { Stores } from "./stores.ts";

export interface EarlierOptions {
  readonly stores: Stores;
  readonly engine: Engine;
  readonly builder: Builder;
  readonly service: string;
  readonly image: string;
  readonly releaseTag: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Builds with the references of images whose steps may be taken over. */
export async function withEarlier<T>(
  options: EarlierOptions,
  build: (cacheFrom: readonly string[]) => Promise<T>,
): Promise<T> {
  const found = await findEarlier(options);
  if (found === undefined) return build([]);
  // BuildKit gets itself what it needs of it.
  if (options.builder === "buildkit") return build([found]);
  // The classic builder looks at images that the engine has.
  const { engine, signal } = options;
  const isThere = (await findLocalImage(engine, found, signal)) !== undefined;
  if (!isThere && !(await pull(options, found))) return build([]);
  try {
    return await build([found]);
  } finally {
    if (!isThere) await forget(engine, found);
  }
}

/** `name@sha256:…` */
async function findEarlier(options: EarlierOptions): Promise<string | undefined> {
  const { stores, engine, builder, image, releaseTag: tag, signal } = options;
  const { full, repository } = stores.names(image);
  // Podman's engine takes repositories only, and looks for what no build of ours leaves there.
  if (builder === "classic" && engine.name.startsWith("podman")) return undefined;
  if (await findLocalImage(engine, `${full}:${tag}`, signal)) return undefined;
  try {
    if (builder === "buildkit") {
      const digest = await stores.findDigest(image, tag);
      return digest === undefined ? undefined : `${full}@${digest}`;
    }
    // The classic builder knows its own steps only.
    const config = await stores.registry.readConfig({ repository, tag });
    return config === undefined || config.isBuildKits ? undefined : `${full}@${config.digest}`;
  } catch (error) {
    // It only saves time: whoever needs the registry says that it does not answer.
    if (error instanceof PaiError && !signal.aborted) return undefined;
    throw error;
  }
}

async function pull(options: EarlierOptions, reference: string): Promise<boolean> {
  const { stores, engine, service, image, report, signal } = options;
  report({ type: "progress", service, image, text: "pulling the registry's last image for its steps" });
  const credentials = await stores.findCredentials(parseImageReference(reference).registry);
  return pullImage(engine, { reference, credentials, signal });
}

/** Also after Ctrl-C: the name was only for one build. */
async function forget(engine: Engine, image: string): Promise<void> {
  await removeLocalImage(engine, { image, signal: AbortSignal.timeout(2000) }).catch(() => undefined);
}
