export interface PrunedImage {
  readonly image: string;
  /** Names that go, or the id of an image that has none. */
  readonly names: readonly string[];
  /** Address of the engine, or host of the registry. */
  readonly place: string;
  readonly created?: string;
  /** Bytes of all layers, those shared with images that stay included. Of the engine's images. */
  readonly size?: number;
  /** `in use` by a container; `not allowed` by the registry. */
  readonly state: "planned" | "removed" | "in use" | "not allowed";
}

/** What stays, whatever its age. */
export interface Kept {
  /** Content tags of the tree as it is now, by image. */
  readonly current: ReadonlyMap<string, string>;
  /** References, digests and ids that the cluster uses. */
  readonly used: (names: readonly string[]) => boolean;
  /** Whatever was made after it. */
  readonly before: Date;
}

/** By image, the oldest first. */
export function sortPruned<T>(found: readonly T[], listed: (each: T) => PrunedImage): T[] {
  const key = (each: T): string => `${listed(each).image} ${listed(each).created ?? ""}`;
  return found.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
