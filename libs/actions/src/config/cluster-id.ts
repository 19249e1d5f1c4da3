// OpenPAI asks for the id of the cluster before it touches the configuration there, so that nobody works on
// the wrong one.
import { PaiError } from "@pai/core";
import type { Objects } from "@pai/kubernetes";
import { readClusterId } from "./store.ts";

export interface IdConfirmation {
  /** `--cluster-id` */
  readonly clusterId?: string | undefined;
  /** Goes on with the id that the cluster has. */
  readonly yes: boolean;
  /** Asks where there is a terminal; throws USAGE where there is none. */
  readonly askId: (question: string) => Promise<string>;
}

/**
 * The id that the cluster has, after somebody named it. Throws CLUSTER_MISMATCH for another one, and
 * CONFIG_INVALID when the cluster has none.
 */
export async function confirmClusterId(objects: Objects, confirmation: IdConfirmation): Promise<string> {
  const stored = await readClusterId(objects);
  if (stored === undefined) throw noId();
  await compareId(stored, confirmation);
  return stored;
}

/** Like `confirmClusterId`; a cluster without an id is to get the one named, or `proposed`. */
export async function chooseClusterId(
  objects: Objects,
  confirmation: IdConfirmation & { readonly proposed: string },
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const stored = await readClusterId(objects);
  if (stored !== undefined) {
    await compareId(stored, confirmation);
    return { id: stored, isNew: false };
  }
  const { clusterId, yes, proposed, askId } = confirmation;
  if (clusterId !== undefined) return { id: clusterId, isNew: true };
  const answer = yes ? "" : await askId(`The cluster has no id yet. Please input one [${proposed}]:`);
  return { id: answer || proposed, isNew: true };
}

async function compareId(stored: string, { clusterId, yes, askId }: IdConfirmation): Promise<void> {
  if (clusterId === undefined && yes) return;
  const given = clusterId ?? (await askId("Please input the cluster-id which you want to operate:"));
  if (given === stored) return;
  throw new PaiError("CLUSTER_MISMATCH", `the id of this cluster is "${stored}", not "${given}"`, {
    hint: "choose another cluster with --kubeconfig or --context, or name this one: paictl config get-id",
  });
}

export function noId(): PaiError {
  return new PaiError("CONFIG_INVALID", "the cluster has no id, as no configuration was pushed to it", {
    hint: "paictl config push -p configuration",
  });
}
