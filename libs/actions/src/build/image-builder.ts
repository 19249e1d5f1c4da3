// Makes one image be there, as the tree has it now: found where it is, or built.
import type { Report } from "@pai/core";
import { tagLocalImage, type Engine } from "@pai/docker";
import { buildOne } from "./build-one.ts";
import type { ChooseBuilder } from "./builder.ts";
import type { ImageIdentity } from "./identity.ts";
import { neededImages } from "./needed-images.ts";
import { factsOf, recordBuilt, writeReceipt } from "./receipt.ts";
import { megabytes, runImage, type ImageResult, type TimedResult } from "./report.ts";
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

export interface ImageBuilder {
  /** Makes an image be there: once, and anew when the engine that had it has gone. */
  readonly make: (name: string) => Promise<TimedResult>;
  /** Whether the only engine that had an image has gone. */
  readonly isGone: (name: string) => boolean;
}

export function createImageBuilder(options: ImageBuilderOptions): ImageBuilder {
  const { tree, stores, report, signal } = options;
  const { engines } = stores;
  const findRevision = createRevisionFinder(tree.root, signal);
  const made = new Map<string, Promise<TimedResult>>();
  const holders = new Map<string, Engine>();

  const isGone = (name: string): boolean => {
    const holder = holders.get(name);
    return holder !== undefined && engines.isLost(holder);
  };
  const make = (name: string): Promise<TimedResult> => {
    const known = made.get(name);
    if (known && !isGone(name)) return known;
    holders.delete(name);
    const run = { action: "build", report, signal } as const;
    const result = runImage(run, tree.imageOf(name), () => engines.retry(() => findOrBuild(name)));
    made.set(name, result);
    return result;
  };
  const findOrBuild = async (name: string): Promise<ImageResult> => {
    const identity = await options.identify(name);
    const place = await options.locate(identity);
    const tags = tagsOf(stores, identity, tree.cluster.registry.tag);
    if (place.where === "nowhere") {
      report({ type: "started", action: "build", service: identity.image.service.name, image: name });
      const work = { ...options, identity, tags, make, findRevision };
      const { engine, result } = await build(work);
      holders.set(name, engine);
      return result;
    }
    writeReceipt({ root: tree.root, identity, reference: tags[0] }, factsOf(place));
    const settled = await settle(place, tags, signal);
    if (place.where === "engine") holders.set(name, place.engine);
    return { ...settled, outcome: "unchanged" };
  };
  return { make, isGone };
}

interface Work extends ImageBuilderOptions {
  readonly identity: ImageIdentity;
  readonly tags: readonly [string, string, string];
  readonly findRevision: () => Promise<string | undefined>;
  readonly make: ImageBuilder["make"];
}

async function build({ tree, isForced, make, ...common }: Work): Promise<{
  readonly engine: Engine;
  readonly result: ImageResult;
}> {
  const { root } = tree;
  const { stores, identity, tags, chooseBuilder, signal } = common;
  const releaseTag = tree.cluster.registry.tag;
  const about = { ...common, root, releaseTag, noCache: isForced(identity.image.name) };
  const needs = neededImages(identity, stores, make);
  const { engine, id, steps, cached, size } = await stores.engines.use(needs, async (engine) => {
    const built = await buildOne({ ...about, engine });
    const builder = await chooseBuilder(engine, identity);
    const receipt = { root, identity, reference: tags[0], builder, id: built.id, signal };
    return { ...built, engine, size: await recordBuilt(receipt, engine) };
  });
  const details = [
    `built ${identity.tag}`,
    size === undefined ? "" : megabytes(size),
    cached === 0 ? "" : `${cached} of ${steps} steps from the cache`,
  ];
  const detail = details.filter(Boolean).join(", ");
  return { engine, result: { kind: "built", outcome: "changed", detail, imageId: id } };
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
): Promise<Omit<ImageResult, "outcome">> {
  if (place.where === "registry")
    return { kind: "in the registry", detail: "in the registry", digest: place.digest };
  for (const to of tags) {
    if (!place.image.tags.includes(to))
      await tagLocalImage(place.engine, { image: place.image.id, to, signal });
  }
  return { kind: "unchanged here", detail: "already built here", imageId: place.image.id };
}
