// The images of a tree as they are now, and where each of them is already.
import { mapAtOnce, PaiError } from "@pai/core";
import type { FoundImage } from "../build/engines.ts";
import type { ImageIdentity } from "../build/identity.ts";
import { openLook, type Look, type LookOptions } from "../build/look.ts";
import { readReceipt } from "../build/receipt.ts";
import { findBuilt } from "../build/where.ts";

export interface ListedImage {
  readonly service: string;
  readonly image: string;
  /** Absent when a base image could not be asked for. */
  readonly tag?: string;
  /** Absent when nobody could be asked. */
  readonly inRegistry?: boolean;
  readonly inEngine?: boolean;
  /** Bytes of all layers, where an engine has told. */
  readonly size?: number;
  readonly created?: string;
}

const asksAtOnce = 8;

/** In the order of the build. What does not answer is said in a warning, and leaves its column empty. */
export async function listImages(options: LookOptions): Promise<ListedImage[]> {
  const { report, signal } = options;
  const look = await openLook(options);
  const lenient = createLenient(report, signal);
  const list = async (name: string): Promise<ListedImage> => {
    const about = { service: look.tree.imageOf(name).service.name, image: name };
    const identity = await lenient(() => look.identify(name));
    if (!identity) return about;
    const digest = await lenient(async () => ({
      found: await look.stores.findDigest(name, identity.tag),
    }));
    const built = await lenient(async () => ({ found: await findBuilt(look.stores, identity) }));
    return {
      ...about,
      tag: identity.tag,
      ...(digest ? { inRegistry: digest.found !== undefined } : {}),
      ...(built ? { inEngine: built.found !== undefined } : {}),
      ...(await factsOf(look, identity, built?.found, digest?.found)),
    };
  };
  return mapAtOnce(look.tree.selected, { limit: asksAtOnce, signal }, list);
}

async function factsOf(
  { tree, stores }: Look,
  { image, tag }: ImageIdentity,
  built: FoundImage | undefined,
  digest: string | undefined,
): Promise<Pick<ListedImage, "size" | "created">> {
  if (built) return { size: built.image.size, created: built.image.created.toISOString() };
  if (digest === undefined) return {};
  const { repository } = stores.names(image.name);
  const config = await stores.registry.readConfig({ repository, tag });
  const receipt = readReceipt(tree.root, image.name);
  const size = receipt?.contentTag === tag ? receipt.size : undefined;
  return {
    ...(size === undefined ? {} : { size }),
    ...(config?.created === undefined ? {} : { created: config.created.toISOString() }),
  };
}

/** Undefined for what an engine or a registry could not say; each reason is reported once. */
function createLenient(
  report: LookOptions["report"],
  signal: AbortSignal,
): <T>(ask: () => Promise<T>) => Promise<T | undefined> {
  const said = new Set<string>();
  return async (ask) => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof PaiError) || signal.aborted) throw error;
      // A registry's message names the image, and would be said for each of them.
      const key = error.code === "REGISTRY_UNREACHABLE" ? error.code : error.message;
      if (!said.has(key)) report({ type: "warning", message: error.message });
      said.add(key);
      return undefined;
    }
  };
}
