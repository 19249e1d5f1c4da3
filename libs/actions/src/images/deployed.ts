import { parseImageReference } from "@pai/core";
import type { ImageConfig } from "@pai/registry";
import type { Look, LookOptions } from "../build/look.ts";
import { readClusterImages, type ClusterChoice } from "./cluster-images.ts";

/** What the cluster runs of an image, as the registry has it; more than one while a rollout is under way. */
export type FindDeployed = (image: string) => Promise<readonly ImageConfig[]>;

export async function lookForDeployed(
  look: Look,
  options: Pick<LookOptions, "report" | "signal"> & { readonly cluster: ClusterChoice },
): Promise<FindDeployed> {
  const references = [...(await readClusterImages(look, "deployed", options))].flatMap(parsed);
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
