import type { Engine } from "./engine/connect.ts";
import { requestEngine, statusOf } from "./engine/request.ts";
import { engineFailure } from "./image-store.ts";

/**
 * Takes a name from an image, or removes the image of an id, with all layers that nothing else needs. What a
 * container uses stays.
 */
export async function removeLocalImage(
  engine: Engine,
  { image, signal }: { readonly image: string; readonly signal: AbortSignal },
): Promise<"removed" | "absent" | "in use"> {
  try {
    await requestEngine(engine.docker, { method: "DELETE", path: `/images/${image}`, signal });
    return "removed";
  } catch (error) {
    if (statusOf(error) === 404) return "absent";
    if (statusOf(error) === 409) return "in use";
    throw engineFailure(engine, `remove image ${image}`, error, signal);
  }
}

/** Makes the engine's build cache no larger than that, the oldest going first. Returns the bytes it freed. */
export async function pruneBuildCache(
  engine: Engine,
  { keepBytes, signal }: { readonly keepBytes: number; readonly signal: AbortSignal },
): Promise<number> {
  const query = { all: "true", "keep-storage": String(keepBytes) };
  try {
    const answer = await requestEngine(engine.docker, {
      method: "POST",
      path: "/build/prune",
      query,
      signal,
    });
    return (answer as { SpaceReclaimed?: number }).SpaceReclaimed ?? 0;
  } catch (error) {
    throw engineFailure(engine, "prune the build cache", error, signal);
  }
}
