import { createMask, type Report } from "@pai/core";
import { tagLocalImage } from "@pai/docker";
import { runGraph } from "@pai/plan";
import { createBuilderChoice, type BuilderOption } from "./builder.ts";
import { createForeignBases } from "./foreign-bases.ts";
import { createIdentities, type ImageIdentity } from "./identity.ts";
import { buildOne } from "./build-one.ts";
import { openLock, type LockOptions } from "./lock.ts";
import { finishRun, reportPlan, runImage, type ImageResult } from "./report.ts";
import { createRevisionFinder } from "./revision.ts";
import { openStores, type Stores } from "./stores.ts";
import { imageOrder, readBuildTree, type BuildTree } from "./tree.ts";
import { createLocator, type Place } from "./where.ts";

export interface BuildServicesOptions extends LockOptions {
  /** The folder that holds `src` and the configuration. */
  readonly root: string;
  /** Relative to the root, or absolute. */
  readonly configuration: string;
  /** All when absent. */
  readonly services?: readonly string[] | undefined;
  /** Single images, in place of all those of the services. */
  readonly images?: readonly string[] | undefined;
  /** Network of RUN steps; `host` when absent, as it works behind proxies and without a bridge. */
  readonly network?: string | undefined;
  /** `auto` when absent. */
  readonly builder?: BuilderOption | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** More at once gains nothing: the engine's disk and processors are the limit. */
const buildsAtOnce = 4;

/**
 * Builds the images of the services that neither the registry nor the engine has, and the own images they
 * start from where those are missing as well. What fails stops only what needs it; all failures are thrown
 * at the end.
 */
export async function buildServices(options: BuildServicesOptions): Promise<void> {
  const { report, signal, network = "host" } = options;
  const started = performance.now();
  const tree = await readBuildTree(options);
  const { registry } = tree.cluster;
  const stores = openStores({ configuration: registry, report, signal });
  const lock = openLock(tree.root, options);
  const foreign = createForeignBases({ tree, stores, lock, signal });
  const identify = createIdentities({ tree, foreign, network });
  const findRevision = createRevisionFinder(tree.root, signal);
  const chooseBuilder = createBuilderChoice({ wanted: options.builder ?? "auto", report, signal });
  const locate = createLocator({ stores, report, signal });
  const mask = createMask(tree.cluster.secrets);
  const nodes = await findNeeded(tree, async (name) => locate(await identify(name)), signal);
  reportPlan({ action: "build", report, signal }, nodes.map(tree.imageOf), ({ needs }) => needs);

  const buildImage = async (name: string): Promise<ImageResult> => {
    const identity = await identify(name);
    const place = await locate(identity);
    const tags = tagsOf(stores, identity, registry.tag);
    if (place.where !== "nowhere")
      return { ...(await settle(stores, place, tags, signal)), outcome: "unchanged" };
    report({ type: "started", action: "build", service: identity.image.service.name, image: name });
    const { steps, cached } = await buildOne({
      root: tree.root,
      identity,
      stores,
      tags,
      network,
      chooseBuilder,
      revision: await findRevision(),
      report,
      mask,
      signal,
    });
    const fromCache = cached > 0 ? `, ${cached} of ${steps} steps from the cache` : "";
    return { kind: "built", outcome: "changed", detail: `built ${identity.tag}${fromCache}` };
  };
  const results = await runGraph({
    nodes,
    edges: new Map(nodes.map((name) => [name, tree.imageOf(name).needs])),
    limit: buildsAtOnce,
    signal,
    start: (name) =>
      runImage({ action: "build", report, signal }, tree.imageOf(name), () => buildImage(name)),
    onSkip: (name, because) => {
      const service = tree.imageOf(name).service.name;
      report({ type: "skipped", action: "build", service, image: name, because: `${because} failed` });
    },
  });
  finishRun({ action: "build", report, signal }, results, started);
}

/** The selected images, and of those they start from the ones without which a missing one cannot be built. */
async function findNeeded(
  tree: BuildTree,
  locate: (name: string) => Promise<Place>,
  signal: AbortSignal,
): Promise<string[]> {
  const needed = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    if (needed.has(name)) return;
    needed.add(name);
    // Who fails here fails again when its turn comes, and is reported then.
    const place = await locate(name).catch(() => undefined);
    if (place && place.where !== "nowhere") return;
    await Promise.all([...tree.imageOf(name).needs].map(visit));
  };
  await Promise.all(tree.selected.map(visit));
  signal.throwIfAborted();
  return imageOrder(tree.images, tree.selected).filter((name) => needed.has(name));
}

/** Content tag, release tag, and the bare name that people know the image by on their own machine. */
function tagsOf(stores: Stores, { image, tag }: ImageIdentity, releaseTag: string): string[] {
  const { full } = stores.names(image.name);
  return [`${full}:${tag}`, `${full}:${releaseTag}`, `${image.name}:latest`];
}

/** An engine's image may have lost its other names to a newer one, and gets them back. */
async function settle(
  stores: Stores,
  place: Exclude<Place, { where: "nowhere" }>,
  tags: readonly string[],
  signal: AbortSignal,
): Promise<{ kind: string; detail: string }> {
  if (place.where === "registry") return { kind: "in the registry", detail: "in the registry" };
  const engine = await stores.engine();
  for (const to of tags) {
    if (!place.image.tags.includes(to)) await tagLocalImage(engine, { image: place.image.id, to, signal });
  }
  return { kind: "unchanged here", detail: "already built here" };
}
