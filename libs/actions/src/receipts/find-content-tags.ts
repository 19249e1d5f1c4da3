// The content tag that each image of the tree would have if it were built now. For whoever keeps what was
// known of a build: files that git ignores, modes, arguments and moved base images are all part of it.
import { readServices, type Cluster } from "@pai/model";
import { needsFirst, withDependents } from "@pai/plan";
import { createForeignBases } from "../build/foreign-bases.ts";
import { createIdentities } from "../build/identity.ts";
import { parseBuildArgs, withImageOptions, type ImageOptions } from "../build/image-options.ts";
import { openLock, type BaseLock, type LockOptions } from "../build/lock.ts";
import type { Stores } from "../build/stores.ts";
import { buildTreeOf, treeImages, type TreeImage } from "../build/tree.ts";

export interface ContentOptions extends Pick<ImageOptions, "buildArgs">, LockOptions {
  readonly root: string;
  /** False: bases that have a digest are those that the last build noted, and no registry is asked. */
  readonly asksForBases: boolean;
  readonly signal: AbortSignal;
}

/** By image, without those that have a mistake, or a base that nobody knows. Throws for wrong options. */
export async function findContentTags(
  options: ContentOptions,
  { cluster, stores }: { readonly cluster: Cluster; readonly stores: Stores },
): Promise<ReadonlyMap<string, string>> {
  const { root, signal } = options;
  const images = treeImages(await readServices(root, parseBuildArgs(options.buildArgs, process.env)));
  const unsound = unsoundImages(images);
  const names = [...images.keys()].filter((name) => !unsound.has(name));
  const tree = buildTreeOf({ root, cluster, images: withImageOptions(images, names, options) }, names);
  const lock = lockOf(options);
  const foreign = createForeignBases({ tree, stores, lock, report: () => {}, signal });
  const identify = createIdentities({ tree, foreign, network: "host" });
  const tags = await Promise.allSettled(
    names.map(async (name) => [name, (await identify(name)).tag] as const),
  );
  return new Map(tags.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])));
}

function lockOf(options: ContentOptions): BaseLock {
  const lock = openLock(options.root, options, { readOnly: true });
  return options.asksForBases ? lock : { ...lock, locked: true };
}

/** Whose own content would wait for itself, or whose service cannot be read, and all that is on top. */
function unsoundImages(images: ReadonlyMap<string, TreeImage>): ReadonlySet<string> {
  const edges = new Map([...images].map(([name, { needs }]) => [name, needs]));
  const bad = [...images.values()].flatMap(({ name, service }) =>
    service.problems.length > 0 ? [name] : [],
  );
  needsFirst(
    edges.keys(),
    (name) => edges.get(name) ?? [],
    (ring) => bad.push(...ring),
  );
  return withDependents(edges, bad);
}
