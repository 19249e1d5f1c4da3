import { PaiError, type Report } from "@pai/core";
import type { FoundImage } from "./engines.ts";
import type { ImageIdentity } from "./identity.ts";
import type { Stores } from "./stores.ts";

/** Where an image with the wanted content is already. */
export type Place =
  | { readonly where: "registry"; readonly digest: string }
  | ({ readonly where: "engine" } & FoundImage)
  | { readonly where: "nowhere" };

/**
 * Looks in the registry, then in the engine; each image once, and again when that engine has gone. A registry
 * that does not answer is said once and then taken to have nothing: what the engine has is known by its label.
 */
export function createLocator(options: {
  readonly stores: Stores;
  readonly report: Report;
  readonly signal: AbortSignal;
}): (identity: ImageIdentity) => Promise<Place> {
  const { stores, report, signal } = options;
  const known = new Map<string, Promise<Place>>();
  let registryIsDown = false;

  const inRegistry = async ({ image, tag }: ImageIdentity): Promise<string | undefined> => {
    if (registryIsDown) return undefined;
    try {
      return await stores.findDigest(image.name, tag);
    } catch (error) {
      if (!(error instanceof PaiError) || signal.aborted) throw error;
      if (!registryIsDown) {
        const reason = error.cause instanceof Error ? `: ${reasonOf(error.cause)}` : "";
        const message = `${error.message}${reason}; only what the engine has counts as built`;
        report({ type: "warning", message });
      }
      registryIsDown = true;
      return undefined;
    }
  };
  const locate = async (identity: ImageIdentity): Promise<Place> => {
    const digest = await inRegistry(identity);
    if (digest !== undefined) return { where: "registry", digest };
    const built = await findBuilt(stores, identity);
    return built ? { where: "engine", ...built } : { where: "nowhere" };
  };
  return async (identity) => {
    const { name } = identity.image;
    const look = (before?: Promise<Place>): Promise<Place> => {
      const found = before ?? locate(identity);
      known.set(name, found);
      return found;
    };
    const place = await look(known.get(name));
    return place.where === "engine" && stores.engines.isLost(place.engine) ? look() : place;
  };
}

/** An engine's image with this content. The tag alone does not count: anybody can set one. */
export async function findBuilt(
  stores: Stores,
  { image, tag }: ImageIdentity,
): Promise<FoundImage | undefined> {
  const found = await stores.engines.find(`${stores.names(image.name).full}:${tag}`);
  return found?.image.labels["pai.content"] === tag ? found : undefined;
}

function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
