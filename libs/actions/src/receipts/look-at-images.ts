import { readCluster } from "@pai/model";
import type { EngineOptions } from "../build/engines.ts";
import { openStores } from "../build/stores.ts";
import { findContentTags, type ContentOptions } from "./find-content-tags.ts";
import { findPresentImages, type BuiltReference, type PresentImages } from "./find-present.ts";

export interface LookAtImagesOptions extends ContentOptions, EngineOptions {
  /** Relative to the root, or absolute. */
  readonly configuration: string;
  /** What was built before, and may be gone. */
  readonly built: readonly BuiltReference[];
}

export interface ImagesSeen {
  readonly present: PresentImages;
  /** By image; of those that have one. */
  readonly contentTags: ReadonlyMap<string, string>;
}

/** What Nx cannot know of images: whether they are still there, and all that their content depends on. */
export async function lookAtImages(options: LookAtImagesOptions): Promise<ImagesSeen> {
  const { root, configuration, built, engines, signal } = options;
  const cluster = await readCluster({ root, directory: configuration });
  const stores = openStores({ configuration: cluster.registry, engines, report: () => {}, signal });
  const [present, contentTags] = await Promise.all([
    findPresentImages({ stores, built, signal }),
    // What is wrong with options or the tree is told by the tasks that it stops.
    findContentTags(options, { cluster, stores }).catch(() => new Map<string, string>()),
  ]);
  return { present, contentTags };
}
