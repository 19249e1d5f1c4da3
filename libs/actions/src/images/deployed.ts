import { homedir } from "node:os";
import { parseImageReference } from "@pai/core";
import type { ImageConfig } from "@pai/registry";
import type { Look, LookOptions } from "../build/look.ts";
import { readClusterImages, type ClusterChoice } from "./cluster-images.ts";

/** What the cluster runs of an image, as the registry has it; more than one while a rollout is under way. */
export type FindDeployed = (image: string) => Promise<readonly ImageConfig[]>;

export interface DeployedOptions extends Pick<LookOptions, "report" | "signal"> {
  /** Whether the cluster is asked. By default one that is named, else one that a kubeconfig leads to, if it answers soon. */
  readonly deployed?: boolean | undefined;
  readonly cluster?: ClusterChoice | undefined;
}

const answerWithinMs = 5000;

/** Undefined where no cluster is asked. Throws what connecting throws when it has to be asked. */
export async function lookForDeployed(
  look: Look,
  { deployed, cluster = {}, report, signal }: DeployedOptions,
): Promise<FindDeployed | undefined> {
  if (deployed === false) return undefined;
  const isNamed = cluster.kubeconfig !== undefined || cluster.context !== undefined;
  const read = async (until: AbortSignal): Promise<FindDeployed> =>
    finderIn(look, await readClusterImages(look, "deployed", { cluster, report, signal: until }));
  if (deployed || isNamed) return read(signal);
  const { mayReach } = await import("@pai/kubernetes/open-api");
  if (!mayReach({ env: process.env, home: homedir() }, look.tree.cluster.apiServerUrl)) return undefined;
  try {
    return await read(AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]));
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    report({ type: "warning", message: `what the cluster runs is not known: ${reason}` });
    return undefined;
  }
}

function finderIn(look: Look, images: ReadonlySet<string>): FindDeployed {
  const references = [...images].flatMap(parsed);
  return async (image) => {
    const { full, repository } = look.stores.names(image);
    const own = references.filter((each) => `${each.registry}/${each.repository}` === full);
    const digests = own.flatMap(({ digest }) => digest ?? []);
    // What a tag names may have changed since; a digest of the same image, which nodes tell, says which it is.
    const names = digests.length > 0 ? digests : own.map(({ tag = "latest" }) => tag);
    const configs = await Promise.all(
      [...new Set(names)].map((tag) => look.stores.registry.readConfig({ repository, tag })),
    );
    return configs.flatMap((config) => config ?? []);
  };
}

/** Nodes also tell ids of images that have no name. */
function parsed(reference: string): ReturnType<typeof parseImageReference>[] {
  try {
    return [parseImageReference(reference.replace(/^docker-pullable:\/\//, ""))];
  } catch {
    return [];
  }
}
