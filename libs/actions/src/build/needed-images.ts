import type { NeededImage } from "./engines.ts";
import type { ImageIdentity } from "./identity.ts";
import type { Stores } from "./stores.ts";

/** What an engine has to have before it can build the image, unless it can pull it. */
export function neededImages({ ownBases, localBases }: ImageIdentity, stores: Stores): NeededImage[] {
  return [
    ...ownBases.map(({ image, tag }) => ({ reference: `${stores.names(image).full}:${tag}` })),
    ...localBases.map(({ reference, id }) => ({ reference, id })),
  ];
}
