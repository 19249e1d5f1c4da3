// What commands that only look at images have in common.
import type { Report } from "@pai/core";
import { createForeignBases } from "../build/foreign-bases.ts";
import type { EngineOptions } from "../build/engines.ts";
import { createIdentities, type ImageIdentity } from "../build/identity.ts";
import { openLock, type LockOptions } from "../build/lock.ts";
import { openStores, type Stores } from "../build/stores.ts";
import { readBuildTree, type BuildTree, type TreeSelection } from "../build/tree.ts";

export interface LookOptions extends TreeSelection, LockOptions, EngineOptions {
  /** As given to the build: it is part of what an image is. */
  readonly network?: string | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export interface Look {
  readonly tree: BuildTree;
  readonly stores: Stores;
  readonly identify: (image: string) => Promise<ImageIdentity>;
}

export async function openLook(options: LookOptions): Promise<Look> {
  const { network = "host", report, signal } = options;
  const tree = await readBuildTree(options);
  const stores = openStores({ ...options, configuration: tree.cluster.registry });
  const lock = openLock(tree.root, options, { readOnly: true });
  const foreign = createForeignBases({ tree, stores, lock, report, signal });
  return { tree, stores, identify: createIdentities({ tree, foreign, network }) };
}
