import { PaiError, type Report } from "@pai/core";
import { pushImage } from "@pai/docker";
import { runGraph } from "@pai/plan";
import { createForeignBases } from "./foreign-bases.ts";
import { createIdentities, type ImageIdentity } from "./identity.ts";
import { openLock, type LockOptions } from "./lock.ts";
import { finishRun, reportPlan, runImage, type ImageResult } from "./report.ts";
import { openStores, type Stores } from "./stores.ts";
import { readBuildTree } from "./tree.ts";
import { findBuilt } from "./where.ts";

export interface PushServicesOptions extends LockOptions {
  /** The folder that holds `src` and the configuration. */
  readonly root: string;
  /** Relative to the root, or absolute. */
  readonly configuration: string;
  /** All when absent. */
  readonly services?: readonly string[] | undefined;
  /** Single images, in place of all those of the services. */
  readonly images?: readonly string[] | undefined;
  /** As given to the build: it is part of what an image is. */
  readonly network?: string | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

const pushesAtOnce = 4;
const progressEveryMs = 2000;

/**
 * Makes the registry have the images of the services as they are in the tree now, and their release tags
 * name them. Builds nothing: throws IMAGE_NOT_FOUND for what is not built.
 */
export async function pushServices(options: PushServicesOptions): Promise<void> {
  const { report, signal, network = "host" } = options;
  const started = performance.now();
  const tree = await readBuildTree(options);
  const { registry } = tree.cluster;
  const stores = openStores({ configuration: registry, report, signal });
  const lock = openLock(tree.root, options, { readOnly: true });
  const foreign = createForeignBases({ tree, stores, lock, signal });
  const identify = createIdentities({ tree, foreign, network });
  // Each image is pushed with all its layers: none needs another in the registry.
  reportPlan({ action: "push", report, signal }, tree.selected.map(tree.imageOf), () => []);

  const push = async (name: string): Promise<ImageResult> => {
    const identity = await identify(name);
    const { repository } = stores.names(name);
    const known = await stores.findDigest(name, identity.tag);
    const digest = known ?? (await send(identity));
    const isCurrent = (await stores.findDigest(name, registry.tag)) === digest;
    if (!isCurrent) {
      const from = { repository, tag: identity.tag };
      await stores.registry.copyTag({ from, to: { repository, tag: registry.tag } });
    }
    if (known === undefined) return { kind: "pushed", outcome: "changed", detail: `pushed ${short(digest)}` };
    if (!isCurrent)
      return { kind: "tagged", outcome: "changed", detail: `tag ${registry.tag} moved to ${short(digest)}` };
    return { kind: "unchanged", outcome: "unchanged", detail: "in the registry" };
  };

  const send = async (identity: ImageIdentity): Promise<string> => {
    const { image, tag } = identity;
    if (!(await findBuilt(stores, identity, signal))) throw notBuilt(identity, stores, options.configuration);
    const about = { service: image.service.name, image: image.name };
    report({ type: "started", action: "push", ...about });
    let said = performance.now();
    const digest = await pushImage(await stores.engine(), {
      repository: stores.names(image.name).full,
      tag,
      credentials: await stores.findCredentials(stores.registry.host),
      onProgress: ({ sent, total }) => {
        if (performance.now() - said < progressEveryMs) return;
        said = performance.now();
        report({ type: "progress", ...about, text: `pushing ${megabytes(sent)} of ${megabytes(total)}` });
      },
      signal,
    });
    const arrived = await stores.findDigest(image.name, tag);
    if (arrived === digest) return digest;
    throw new PaiError(
      "PUSH_FAILED",
      `push ${image.name}: ${stores.registry.host} has another digest than was sent`,
      {
        details: [`sent ${digest}`, `found ${arrived ?? "none"}`],
        hint: "push again when nobody else writes to this repository",
      },
    );
  };

  const results = await runGraph({
    nodes: tree.selected,
    edges: new Map(),
    limit: pushesAtOnce,
    signal,
    start: (name) => runImage({ action: "push", report, signal }, tree.imageOf(name), () => push(name)),
  });
  finishRun({ action: "push", report, signal }, results, started);
}

function notBuilt({ image, tag }: ImageIdentity, stores: Stores, configuration: string): PaiError {
  return new PaiError(
    "IMAGE_NOT_FOUND",
    `push ${image.name}: as it is now (${tag}) it is neither in ${stores.registry.host} nor built here`,
    { hint: `build it first: pai-build build -c ${configuration} -s ${image.service.name}` },
  );
}

function short(digest: string): string {
  return digest.slice(0, 19);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
