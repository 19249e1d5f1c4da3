// What a cluster does with the images of a tree.
import type { Objects } from "@pai/kubernetes";
import type { Look, LookOptions } from "../build/look.ts";

export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** References of images: those that the cluster runs now, or all that it may run again. */
export async function readClusterImages(
  { tree }: Look,
  which: "deployed" | "used",
  { cluster, report, signal }: Pick<LookOptions, "report" | "signal"> & { readonly cluster: ClusterChoice },
): Promise<ReadonlySet<string>> {
  // Only here, as most looks at images need no cluster.
  const [{ withCluster }, { findDeployedImages, findUsedImages }] = await Promise.all([
    import("../deploy/run.ts"),
    import("@pai/kubernetes"),
  ]);
  const find: (objects: Objects) => Promise<ReadonlySet<string>> =
    which === "deployed" ? findDeployedImages : findUsedImages;
  return withCluster({ ...cluster, report, signal }, tree.cluster, ({ objects }) => find(objects));
}
