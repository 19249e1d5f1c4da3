// What builds and pushes have in common: events of one image, the summary, what is thrown at the end.
import { failureFacts, PaiError, type ActionName, type Report } from "@pai/core";
import { skippedBecauseOf, type NodeResult } from "@pai/plan";
import { throwAll, type TreeImage } from "./tree.ts";

export interface ImageResult {
  /** Such as `built` or `in the registry`; the summary counts them. */
  readonly kind: string;
  readonly outcome: "changed" | "unchanged";
  readonly detail: string;
  /** The registry's, once it is there. */
  readonly digest?: string;
  /** The engine's, while it is nowhere else. */
  readonly imageId?: string;
}

/** `12.3 MB`, in thousands, as registries count. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export interface TimedResult extends ImageResult {
  readonly ms: number;
}

export interface ImageRun {
  readonly action: ActionName;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Says what will be worked on; `needsOf` are images among them that come before. */
export function reportPlan(
  { action, report }: ImageRun,
  images: readonly TreeImage[],
  needsOf: (image: TreeImage) => Iterable<string>,
): void {
  const names = new Set(images.map(({ name }) => name));
  report({
    type: "planned",
    action,
    services: [...new Set(images.map(({ service }) => service.name))],
    tasks: images.map((image) => ({
      service: image.service.name,
      image: image.name,
      needs: [...needsOf(image)].filter((need) => names.has(need)),
    })),
  });
}

/** Runs the work on one image and says how it ended. */
export async function runImage(
  { action, report, signal }: ImageRun,
  image: TreeImage,
  work: () => Promise<ImageResult>,
): Promise<TimedResult> {
  const started = performance.now();
  const about = { action, service: image.service.name, image: image.name };
  const ms = (): number => Math.round(performance.now() - started);
  try {
    const { kind, ...result } = { ...(await work()), ms: ms() };
    report({ type: "finished", ...about, ...result });
    return { kind, ...result };
  } catch (error) {
    if (!signal.aborted) report({ type: "failed", ...about, ...failureFacts(error), ms: ms() });
    throw error;
  }
}

/** Ends a run: the summary, and then every failure together with what it kept from being done. */
export function finishRun(
  { action, report, signal }: ImageRun,
  results: ReadonlyMap<string, NodeResult<TimedResult>>,
  started: number,
): void {
  signal.throwIfAborted();
  report({ type: "summary", text: summaryOf(results), ms: Math.round(performance.now() - started) });
  const failures = new Map<unknown, { hit: string[]; skipped: string[] }>();
  for (const [name, result] of results) {
    if (result.state !== "failed") continue;
    const { hit, skipped } = failures.get(result.error) ?? { hit: [], skipped: [] };
    const more = skippedBecauseOf(name, results);
    failures.set(result.error, { hit: [...hit, name], skipped: [...skipped, ...more] });
  }
  const done = action === "build" ? "built" : "pushed";
  throwAll(
    [...failures].map(([error, { hit, skipped }]) => {
      // One image alone is named by its error.
      const stopped = hit.length > 1 ? [...hit, ...skipped] : skipped;
      return withSkipped(error, [...new Set(stopped)], done);
    }),
  );
}

function summaryOf(results: ReadonlyMap<string, NodeResult<TimedResult>>): string {
  const counts = new Map<string, number>();
  let longest: { readonly name: string; readonly ms: number } | undefined;
  for (const [name, result] of results) {
    const kind = result.state === "done" ? result.value.kind : result.state;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (result.state !== "done" || result.value.outcome === "unchanged") continue;
    if (!longest || result.value.ms > longest.ms) longest = { name, ms: result.value.ms };
  }
  const parts = [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
  const images = `${results.size} ${results.size === 1 ? "image" : "images"}: ${parts}`;
  if (!longest || results.size === 1) return images;
  return `${images} · longest: ${longest.name} ${(longest.ms / 1000).toFixed(1)} s`;
}

function withSkipped(error: unknown, skipped: readonly string[], done: string): Error {
  if (!(error instanceof PaiError)) return error as Error;
  if (skipped.length === 0) return error;
  return error.withDetails([...error.details, `not ${done} because of it: ${skipped.join(", ")}`]);
}
