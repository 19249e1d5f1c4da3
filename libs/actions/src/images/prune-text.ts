import { formatBytes } from "./list-text.ts";
import type { PruneResult } from "./prune.ts";
import type { PrunedImage } from "./pruned.ts";

/** One line an image, grouped by where it is, and what it comes to. */
export function formatPruned({ images, cacheFreed }: PruneResult, applied: boolean): string {
  const places = [...new Set(images.map(({ place }) => place))];
  const width = Math.max(0, ...images.map(({ image }) => image.length));
  const lines = places.flatMap((place) => [
    place,
    ...images.filter((image) => image.place === place).map((image) => lineOf(image, width)),
  ]);
  const cache = cacheFreed > 0 ? [`build cache: ${formatBytes(cacheFreed)} freed`] : [];
  return [...lines, ...cache, ...summaryOf(images, applied)].join("\n");
}

function lineOf({ image, names, created, size, state }: PrunedImage, width: number): string {
  const short = names.map((name) => name.slice(name.lastIndexOf(":") + 1).slice(0, 18)).join(", ");
  const facts = [created?.slice(0, 10), size === undefined ? undefined : formatBytes(size), wordOf(state)];
  return `  ${image.padEnd(width)}  ${short}  ${facts.filter(Boolean).join("  ")}`;
}

function wordOf(state: PrunedImage["state"]): string {
  return state === "planned" || state === "removed" ? "" : `stays: ${reasons[state]}`;
}

const reasons = {
  "in use": "a container uses it",
  "not allowed": "the registry allows no deletion",
} as const;

function summaryOf(images: readonly PrunedImage[], applied: boolean): string[] {
  if (images.length === 0) return ["nothing to prune"];
  const gone = images.filter(({ state }) => state === "planned" || state === "removed");
  const bytes = gone.reduce((sum, { size = 0 }) => sum + size, 0);
  const most = bytes > 0 ? `, at most ${formatBytes(bytes)} of the engines' disks` : "";
  const count = `${gone.length} ${gone.length === 1 ? "image" : "images"}`;
  const refused = images.some(({ state }) => state === "not allowed");
  return [
    applied ? `${count} removed${most}` : `${count} would be removed${most}; nothing was: --yes does it`,
    ...(refused
      ? ["the registry allows no deletion: Docker's has REGISTRY_STORAGE_DELETE_ENABLED=true for it"]
      : []),
  ];
}
