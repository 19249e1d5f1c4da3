// What builds, pushes and commands that only look at images have in common.
import type { Report } from "@pai/core";
import { createForeignBases } from "./foreign-bases.ts";
import type { EngineOptions } from "./engines.ts";
import { createIdentities, type ImageIdentity } from "./identity.ts";
import { openLock, type LockOptions } from "./lock.ts";
import { openStores, type Stores } from "./stores.ts";
import { tellWarnings } from "../config/tell-warnings.ts";
import { readBuildTree, type BuildTree, type TreeSelection } from "./tree.ts";

/** What every action on the images of a tree takes. */
export interface LookOptions extends TreeSelection, LockOptions, EngineOptions {
  /** Network of RUN steps, a part of what an image is; `host` when absent, as it works behind proxies and without a bridge. */
  readonly network?: string | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export interface Look {
  readonly tree: BuildTree;
  readonly stores: Stores;
  readonly identify: (image: string) => Promise<ImageIdentity>;
}

/** Tells what is doubtful about the configuration and the selected services. */
export async function readTree(options: TreeSelection & { readonly report: Report }): Promise<BuildTree> {
  const tree = await readBuildTree(options);
  const services = new Set(tree.selected.map((name) => tree.imageOf(name).service));
  for (const { warnings } of [tree.cluster, ...services]) tellWarnings(warnings, options.report);
  return tree;
}

/** For what makes no image: the lock of base images stays as it is. */
export async function openLook(options: LookOptions): Promise<Look> {
  const { network = "host", report, signal } = options;
  const tree = await readTree(options);
  const stores = openStores({ ...options, configuration: tree.cluster.registry });
  const lock = openLock(tree.root, options, { readOnly: true });
  const foreign = createForeignBases({ tree, stores, lock, report, signal });
  return { tree, stores, identify: createIdentities({ tree, foreign, network }) };
}
