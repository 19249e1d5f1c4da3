// Which of the images that were built are still there: asked before every nx command with tasks, so with
// one HEAD an image, and the engine only for those that the registry does not have.
import { PaiError } from "@pai/core";
import { listLocalImages } from "@pai/docker";
import { runGraph } from "@pai/plan";
import type { Stores } from "../build/stores.ts";

export interface BuiltReference {
  readonly image: string;
  /** With the content tag. */
  readonly reference: string;
}

export interface FindPresentOptions {
  readonly stores: Stores;
  readonly built: readonly BuiltReference[];
  readonly signal: AbortSignal;
}

/** Reference to where it was found. */
export type PresentImages = ReadonlyMap<string, "registry" | "engine">;

const headsAtOnce = 24;

/** What does not answer has nothing, and names that the configuration would not give now are nowhere. */
export async function findPresentImages(options: FindPresentOptions): Promise<PresentImages> {
  const { stores, signal } = options;
  const built = options.built.filter(({ image, reference }) =>
    reference.startsWith(`${stores.names(image).full}:`),
  );
  const present = new Map<string, "registry" | "engine">();
  for (const reference of await inRegistry(stores, built, signal)) present.set(reference, "registry");
  const missing = built.map(({ reference }) => reference).filter((reference) => !present.has(reference));
  for (const reference of await inEngine(stores, missing, signal)) present.set(reference, "engine");
  return present;
}

async function inRegistry(
  stores: Stores,
  built: readonly BuiltReference[],
  signal: AbortSignal,
): Promise<string[]> {
  const images = new Map(built.map(({ image, reference }) => [reference, image]));
  const stop = new AbortController();
  const results = await runGraph({
    nodes: [...images.keys()],
    edges: new Map(),
    limit: headsAtOnce,
    signal: AbortSignal.any([signal, stop.signal]),
    start: async (reference) => {
      const tag = reference.slice(reference.lastIndexOf(":") + 1);
      try {
        return (await stores.findDigest(images.get(reference) ?? "", tag)) !== undefined;
      } catch (error) {
        // One refusal is enough: the others would only wait for the same.
        stop.abort();
        throw error;
      }
    },
  });
  return [...results].flatMap(([reference, result]) =>
    result.state === "done" && result.value ? [reference] : [],
  );
}

async function inEngine(
  stores: Stores,
  references: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  if (references.length === 0) return [];
  try {
    const engines = await stores.engines.all();
    const lists = engines.map((engine) => listLocalImages(engine, { label: "pai.content", signal }));
    const images = (await Promise.all(lists)).flat();
    // The tag alone does not count: anybody can set one.
    const built = new Set(
      images.flatMap(({ labels, tags }) => tags.filter((tag) => tag.endsWith(`:${labels["pai.content"]}`))),
    );
    return references.filter((reference) => built.has(reference));
  } catch (error) {
    if (error instanceof PaiError) return [];
    throw error;
  }
}
