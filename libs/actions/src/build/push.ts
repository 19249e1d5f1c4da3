import { PaiError } from "@pai/core";
import { runGraph } from "@pai/plan";
import { beginEach } from "./begin-each.ts";
import type { ImageIdentity } from "./identity.ts";
import { openLook, type LookOptions } from "./look.ts";
import { writeReceipt } from "./receipt.ts";
import { finishRun, reportPlan, runImage, type ImageResult } from "./report.ts";
import { lookAtTargets, type ClosedHosts, type Seen } from "./push-look.ts";
import { pushOne } from "./push-one.ts";
import { pushTargets, releaseTags } from "./push-targets.ts";
import type { Stores } from "./stores.ts";

export interface PushServicesOptions extends LookOptions {
  /** Sends what the engine has also where the registry has an image of this content: it was built anew. */
  readonly noCache?: boolean | undefined;
  /** `HOST/NAMESPACE`, in place of the configuration's registry and its mirrors. */
  readonly registries?: readonly string[] | undefined;
  /** Release tags, in place of the configuration's. */
  readonly tags?: readonly string[] | undefined;
}

interface Looked {
  readonly identity: ImageIdentity;
  readonly seen: readonly Seen[];
}

const pushesAtOnce = 4;

/**
 * Makes the registries have the images of the services as they are in the tree now, and their release tags
 * name them. Builds nothing: throws IMAGE_NOT_FOUND for what is not built.
 */
export async function pushServices(options: PushServicesOptions): Promise<void> {
  const { report, signal } = options;
  const started = performance.now();
  const { tree, stores, identify } = await openLook(options);
  const { registry } = tree.cluster;
  // Each image is pushed with all its layers: none needs another in the registry.
  reportPlan({ action: "push", report, signal }, tree.selected.map(tree.imageOf), () => []);

  const targets = pushTargets(stores, registry, options.registries);
  const tags = releaseTags(registry, options.tags);
  const closed: ClosedHosts = new Map();
  const look = async (name: string): Promise<Looked> => {
    const identity = await identify(name);
    return { identity, seen: await lookAtTargets(identity, { targets, tags, closed }) };
  };
  // All begin before the first push.
  const looks = await beginEach(tree.selected, look);
  const push = async (name: string): Promise<ImageResult> => {
    const { identity, seen } = await (looks.get(name) ?? look(name));
    return pushOne({
      identity,
      stores,
      seen,
      closed,
      replace: options.noCache ?? false,
      report,
      signal,
      onArrived: (digest) => {
        const reference = `${stores.names(name).full}:${identity.tag}`;
        writeReceipt({ root: tree.root, identity, reference }, { digest });
      },
      notBuilt: () => notBuilt(identity, stores, options.configuration),
    });
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
