import type { ListedImage } from "./list.ts";

export function formatImages(images: readonly ListedImage[]): string {
  const rows = [
    ["IMAGE", "SERVICE", "CONTENT", "REGISTRY", "ENGINE", "SIZE", "CREATED"],
    ...images.map(({ image, service, tag, inRegistry, inEngine, size, created }) => [
      image,
      service,
      tag ?? "?",
      answer(inRegistry),
      answer(inEngine),
      size === undefined ? "-" : formatBytes(size),
      created === undefined ? "-" : created.slice(0, 16).replace("T", " "),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `12.3 MB`, in thousands, as registries and disks count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function answer(value: boolean | undefined): string {
  return value === undefined ? "?" : value ? "yes" : "no";
}
