import type { Look } from "./parts.ts";
import type { Settings } from "./settings.ts";
import { stackParts } from "./stack.ts";

export type PartStatus = { readonly name: string; readonly title: string } & Look;

export async function status(settings: Settings, signal: AbortSignal): Promise<readonly PartStatus[]> {
  return Promise.all(
    stackParts(settings).map(async (part): Promise<PartStatus> => {
      const { name, title } = part;
      try {
        return { name, title, ...(await part.look(signal)) };
      } catch (error) {
        return { name, title, state: "unhealthy", reason: (error as Error).message };
      }
    }),
  );
}

export function formatStatus(parts: readonly PartStatus[], now: Date): string {
  const rows = parts.map((part) => [part.title, part.state, ...factsOf(part, now)]);
  // A reason may be long; it stands alone in its line and moves no column.
  const inColumns = rows.filter((row) => row.length !== 3);
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...(column < 2 ? rows : inColumns).map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("   ")
          .trimEnd()}`,
    )
    .join("\n");
}

function factsOf(part: PartStatus, now: Date): string[] {
  if (part.state === "stopped") return [];
  if (part.state === "unhealthy") return [part.reason];
  const since = part.since ? `since ${formatAge(now.getTime() - Date.parse(part.since))}` : "";
  return [part.version ?? "", part.address ?? "", part.origin === "found" ? "found" : since];
}

function formatAge(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
