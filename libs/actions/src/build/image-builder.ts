// Makes one image be there, as the tree has it now: found where it is, or built.
import type { Report } from "@pai/core";
import { tagLocalImage } from "@pai/docker";
import { buildOne } from "./build-one.ts";
import type { ChooseBuilder } from "./builder.ts";
import type { ImageIdentity } from "./identity.ts";
import { neededImages } from "./needed-images.ts";
import { factsOf, recordBuilt, writeReceipt } from "./receipt.ts";
import { megabytes, type ImageResult } from "./report.ts";
import { createRevisionFinder } from "./revision.ts";
import type { Secrets } from "./secrets.ts";
import type { Stores } from "./stores.ts";
import type { BuildTree } from "./tree.ts";
import type { Place } from "./where.ts";

export interface ImageBuilderOptions {
  readonly tree: BuildTree;
  readonly stores: Stores;
  readonly identify: (image: string) => Promise<ImageIdentity>;
  readonly locate: (identity: ImageIdentity) => Promise<Place>;
  /** Whether every step is run again. */
  readonly isForced: (image: string) => boolean;
  readonly chooseBuilder: ChooseBuilder;
  readonly secrets: Secrets;
  readonly network: string;
  readonly report: Report;
  readonly mask: (text: string) => string;
  readonly signal: AbortSignal;
}

export function createImageBuilder(options: ImageBuilderOptions): (name: string) => Promise<ImageResult> {
  const { tree, stores, report, signal } = options;
  const findRevision = createRevisionFinder(tree.root, signal);
  return async (name) => {
    const identity = await options.identify(name);
    const place = await options.locate(identity);
    const tags = tagsOf(stores, identity, tree.cluster.registry.tag);
    if (place.where !== "nowhere") {
      writeReceipt({ root: tree.root, identity, reference: tags[0] }, factsOf(place));
      return { ...(await settle(place, tags, signal)), outcome: "unchanged" };
    }
    report({ type: "started", action: "build", service: identity.image.service.name, image: name });
    return build(options, identity, tags, await findRevision());
  };
}

async function build(
  { tree, stores, isForced, chooseBuilder, ...common }: ImageBuilderOptions,
  identity: ImageIdentity,
  tags: readonly [string, string, string],
  revision: string | undefined,
): Promise<ImageResult> {
  const { root } = tree;
  const releaseTag = tree.cluster.registry.tag;
  const noCache = isForced(identity.image.name);
  const about = { ...common, root, identity, stores, tags, releaseTag, noCache, chooseBuilder, revision };
  const { steps, cached, size } = await stores.engines.use(neededImages(identity, stores), async (engine) => {
    const built = await buildOne({ ...about, engine });
    const builder = await chooseBuilder(engine, identity);
    const receipt = { root, identity, reference: tags[0], builder, id: built.id, signal: common.signal };
    return { ...built, size: await recordBuilt(receipt, engine) };
  });
  const details = [
    `built ${identity.tag}`,
    size === undefined ? "" : megabytes(size),
    cached === 0 ? "" : `${cached} of ${steps} steps from the cache`,
  ];
  return { kind: "built", outcome: "changed", detail: details.filter(Boolean).join(", ") };
}

/** Content tag, release tag, and the bare name that people know the image by on their own machine. */
function tagsOf(stores: Stores, { image, tag }: ImageIdentity, releaseTag: string): [string, string, string] {
  const { full } = stores.names(image.name);
  return [`${full}:${tag}`, `${full}:${releaseTag}`, `${image.name}:latest`];
}

/** An engine's image may have lost its other names to a newer one, and gets them back. */
async function settle(
  place: Exclude<Place, { where: "nowhere" }>,
  tags: readonly string[],
  signal: AbortSignal,
): Promise<{ kind: string; detail: string }> {
  if (place.where === "registry") return { kind: "in the registry", detail: "in the registry" };
  for (const to of tags) {
    if (!place.image.tags.includes(to))
      await tagLocalImage(place.engine, { image: place.image.id, to, signal });
  }
  return { kind: "unchanged here", detail: "already built here" };
}
