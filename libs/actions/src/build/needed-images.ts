import type { ImageIdentity } from "./identity.ts";
import type { NeededImage } from "./schedule.ts";
import type { Stores } from "./stores.ts";

/** What an engine has to have before it can build the image, unless it can pull it; `make` makes an own image. */
export function neededImages(
  { ownBases, localBases }: ImageIdentity,
  stores: Stores,
  make: (image: string) => Promise<unknown>,
): NeededImage[] {
  return [
    ...ownBases.map(({ image, tag }) => ({
      reference: `${stores.names(image).full}:${tag}`,
      make: () => make(image),
    })),
    ...localBases.map(({ reference, id }) => ({ reference, id })),
  ];
}
