// Says whether a cluster is the one that is meant. Its address was compared when it was connected to.
import { PaiError } from "@pai/core";
import type { ClusterConnection } from "@pai/kubernetes";
import { readClusterId } from "../config/store.ts";

export interface MeantCluster {
  /** `--cluster-id` */
  readonly given: string | undefined;
  /** `cluster.common.cluster-id` of the configuration, where it says one. */
  readonly configured: string | undefined;
}

/** The id that the cluster has, if it has one. Throws CLUSTER_MISMATCH. */
export async function confirmCluster(
  { objects, context }: Pick<ClusterConnection, "objects" | "context">,
  { given, configured }: MeantCluster,
): Promise<string | undefined> {
  const id = await readClusterId(objects);
  if (given !== undefined && given !== id) {
    const actual = id === undefined ? "it has none" : `it is "${id}"`;
    throw new PaiError("CLUSTER_MISMATCH", `the id of the cluster ${context} is not "${given}": ${actual}`, {
      hint: "choose another cluster with --kubeconfig or --context; paictl config get-id prints its id",
    });
  }
  if (given !== undefined || configured === undefined || id === undefined || configured === id) return id;
  throw new PaiError("CLUSTER_MISMATCH", `the configuration is for the cluster "${configured}"`, {
    details: [`context   ${context} leads to the cluster "${id}"`],
    hint: `--cluster-id ${id} says that this one is meant; or correct cluster.common.cluster-id in services-configuration.yaml`,
  });
}
