import type { DeployedImage, ExplainedChange, ImageExplanation, NewestImage } from "./explain.ts";

/** What people read; the JSON of the explanations is for programs. `now` is the time that ages are told at. */
export function formatExplanations(explanations: readonly ImageExplanation[], now: Date): string {
  const nameWidth = Math.max(0, ...explanations.map(({ image }) => image.length));
  return explanations
    .flatMap((explanation) => [textOf(explanation, nameWidth, now), ...deployedText(explanation, now)])
    .join("\n");
}

function deployedText({ tag, deployed }: ImageExplanation, now: Date): string[] {
  if (deployed?.length === 0) return ["    the cluster runs none of it"];
  return (deployed ?? []).flatMap((image) =>
    image.tag === tag
      ? ["    the cluster runs it"]
      : [`    the cluster runs ${nameAndAge(image, now)}`, ...deployedChanges(image)],
  );
}

function deployedChanges({ changes }: DeployedImage): string[] {
  if (!changes) return ["      which does not say what it was made of"];
  return changesText(changes, 6);
}

function textOf(explanation: ImageExplanation, nameWidth: number, now: Date): string {
  const { image, tag, where, newest, changes } = explanation;
  const head = `  ${image.padEnd(nameWidth)}  ${shortValue(tag)}  `;
  const isNewest = newest?.tag === tag;
  if (where === "registry" && isNewest) return `${head}is in the registry`;
  const stand = `${head}${places[where]}; ${newestText(newest, now)}`;
  if (isNewest || !newest) return stand;
  if (!changes) return `${stand}\n    it does not say what it was made of`;
  // What the tag depends on and the label does not tell is the hashing itself.
  if (changes.length === 0) return `${stand}\n    made of the same; this version of pai names it otherwise`;
  return [stand, ...changesText(changes, 4)].join("\n");
}

const places: Readonly<Record<ImageExplanation["where"], string>> = {
  registry: "is in the registry",
  engine: "is built here, and not in the registry",
  nowhere: "is not in the registry",
};

function newestText(newest: NewestImage | undefined, now: Date): string {
  return newest ? `the newest there is ${nameAndAge(newest, now)}` : "nothing of this image is there";
}

function nameAndAge({ tag, created, revision }: NewestImage, now: Date): string {
  const facts = [
    created === undefined ? undefined : ageOf(new Date(created), now),
    revision === undefined ? undefined : `from ${revision}`,
  ].filter((fact) => fact !== undefined);
  const name = tag === undefined ? "one that pai did not make" : shortValue(tag);
  return `${name}${facts.length > 0 ? ` (${facts.join(", ")})` : ""}`;
}

function changesText(changes: readonly ExplainedChange[], indent: number, word?: string): string[] {
  const nameWidth = Math.min(60, Math.max(0, ...changes.map((change) => nameOf(change).length)));
  return changes.flatMap((change) => {
    const lead = `${" ".repeat(indent)}${(word ?? wordOf(change)).padEnd(9)} `;
    return [
      `${lead}${nameOf(change).padEnd(nameWidth)}  ${valuesOf(change)}`,
      ...changesText(change.because ?? [], indent + 12, "because of"),
    ];
  });
}

function wordOf(change: ExplainedChange): string {
  return change.old === undefined ? "added" : change.new === undefined ? "removed" : "changed";
}

function valuesOf({ old, new: current }: ExplainedChange): string {
  if (old === undefined) return `new: ${shortValue(current ?? "")}`;
  return current === undefined ? `was: ${shortValue(old)}` : `${shortValue(old)} -> ${shortValue(current)}`;
}

function nameOf({ kind, name }: ExplainedChange): string {
  if (kind === "base") return `base ${name}`;
  if (kind === "read") return `${name} (read by hooks)`;
  return kind === "setting" ? `setting ${name}` : name;
}

/** Enough of a hash to tell it from others; words as they are. */
function shortValue(value: string): string {
  const [, start] = /^((?:c-)?[0-9a-f]{6})[0-9a-f]{6,}x?$/.exec(value) ?? [];
  const [, digest] = /^(sha256:[0-9a-f]{12})[0-9a-f]+$/.exec(value) ?? [];
  const short = start ?? digest;
  if (short === undefined) return value;
  return `${short}…${value.endsWith("x") ? " (executable)" : ""}`;
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

function ageOf(time: Date, now: Date): string {
  for (const [unit, ms] of units) {
    const count = Math.floor((now.getTime() - time.getTime()) / ms);
    if (count > 0) return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}
