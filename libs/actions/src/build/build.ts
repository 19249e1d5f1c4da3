import { createMask, type Report } from "@pai/core";
import { runGraph, type NodeResult } from "@pai/plan";
import { beginEach } from "./begin-each.ts";
import { createBuilderChoice, type BuilderOption } from "./builder.ts";
import { createForeignBases } from "./foreign-bases.ts";
import { createIdentities, type ImageIdentity } from "./identity.ts";
import { createImageBuilder, type ImageBuilder } from "./image-builder.ts";
import { openLock } from "./lock.ts";
import { readTree, type LookOptions } from "./look.ts";
import { finishRun, reportPlan, type TimedResult } from "./report.ts";
import { buildsPerEngine } from "./schedule.ts";
import { readSecrets } from "./secrets.ts";
import { openStores } from "./stores.ts";
import { imageOrder, type BuildTree } from "./tree.ts";
import { createLocator, type Place } from "./where.ts";

export interface BuildServicesOptions extends LookOptions {
  /** `auto` when absent. */
  readonly builder?: BuilderOption | undefined;
  /** Builds the selected images whatever there is, and runs each of their steps again. */
  readonly noCache?: boolean | undefined;
  /** Asks registries anew what base images are. */
  readonly pull?: boolean | undefined;
}

/**
 * Builds the images of the services that neither the registry nor the engine has, and the own images that
 * come before them where those are missing as well. What fails stops only what needs it; all failures are thrown
 * at the end.
 */
export async function buildServices(options: BuildServicesOptions): Promise<void> {
  const { report, signal, network = "host", noCache = false, pull = false } = options;
  const started = performance.now();
  const tree = await readTree(options);
  const stores = openStores({ ...options, configuration: tree.cluster.registry });
  const lock = openLock(tree.root, options);
  const foreign = createForeignBases({ tree, stores, lock, pull, report, signal });
  const identify = createIdentities({ tree, foreign, network });
  const find = createLocator({ stores, report, signal });
  const forced = new Set(noCache ? tree.selected : []);
  const locate = async (identity: ImageIdentity): Promise<Place> =>
    forced.has(identity.image.name) ? { where: "nowhere" } : find(identity);
  const secrets = readSecrets(options.secrets, secretsOf(tree));
  const mask = createMask([...tree.cluster.secrets, ...secrets.hidden]);
  const nodes = await findNeeded(tree, async (name) => locate(await identify(name)), signal);
  reportPlan({ action: "build", report, signal }, nodes.map(tree.imageOf), ({ needs }) => needs);

  const images = createImageBuilder({
    tree,
    stores,
    identify,
    locate,
    network,
    secrets,
    mask,
    report,
    signal,
    isForced: (name) => forced.has(name),
    chooseBuilder: createBuilderChoice({ wanted: options.builder ?? "auto", report, signal }),
  });
  const run = (names: readonly string[]): ReturnType<typeof runImages> =>
    runImages(names, {
      tree,
      limit: buildsPerEngine * stores.engines.count,
      make: images.make,
      report,
      signal,
    });
  let results = await run(nodes);
  // Finished on an engine that has gone since.
  const gone = (): string[] => nodes.filter(images.isGone);
  while (gone().length > 0 && !signal.aborted) results = new Map([...results, ...(await run(gone()))]);
  finishRun({ action: "build", report, signal }, results, started);
}

/** Builds them in the order of their needs. */
function runImages(
  names: readonly string[],
  options: {
    readonly tree: BuildTree;
    readonly limit: number;
    readonly make: ImageBuilder["make"];
    readonly report: Report;
    readonly signal: AbortSignal;
  },
): Promise<ReadonlyMap<string, NodeResult<TimedResult>>> {
  const { tree, limit, make, report, signal } = options;
  return runGraph({
    nodes: names,
    edges: new Map(names.map((name) => [name, tree.imageOf(name).needs])),
    limit,
    signal,
    start: make,
    onSkip: (name, because) => {
      const service = tree.imageOf(name).service.name;
      report({ type: "skipped", action: "build", service, image: name, because: `${because} failed` });
    },
  });
}

/** The selected images, and what comes before those of them that are missing. */
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
  await Promise.all((await beginEach(tree.selected, visit)).values());
  signal.throwIfAborted();
  return imageOrder(tree.images, tree.selected).filter((name) => needed.has(name));
}

function secretsOf({ images, selected }: BuildTree): string[] {
  return imageOrder(images, selected).flatMap((name) => images.get(name)?.build?.secrets ?? []);
}
