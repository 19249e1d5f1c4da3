import type { Engine } from "./engine/connect.ts";
import { requestEngine } from "./engine/request.ts";
import { engineFailure, type LocalImage } from "./image-store.ts";

interface ListedImage {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly RepoDigests?: readonly string[] | null;
  /** Seconds. */
  readonly Created?: number;
  readonly Size?: number;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** All images that carry the label, with one question. */
export async function listLocalImages(
  engine: Engine,
  { label, signal }: { readonly label: string; readonly signal: AbortSignal },
): Promise<LocalImage[]> {
  const query = { filters: JSON.stringify({ label: [label] }) };
  try {
    const answer = await requestEngine(engine.docker, { method: "GET", path: "/images/json", query, signal });
    return (answer as ListedImage[]).map((image) => ({
      id: image.Id,
      labels: image.Labels ?? {},
      // Engines before 25 list an image without names as `<none>:<none>`.
      tags: (image.RepoTags ?? []).filter((tag) => !tag.startsWith("<none>")),
      digests: (image.RepoDigests ?? []).filter((digest) => !digest.startsWith("<none>")),
      created: new Date((image.Created ?? 0) * 1000),
      size: image.Size ?? 0,
    }));
  } catch (error) {
    throw engineFailure(engine, "list the images", error, signal);
  }
}
