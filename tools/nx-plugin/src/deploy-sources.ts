// What a deployment is made of outside of its own folder, as far as its files say it: the images that its
// manifests name and the settings that its templates read.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { imageOwners, type Services } from "@pai/plan";

export interface DeploySources {
  /** Images of the tree that it runs. */
  readonly images: ReadonlySet<string>;
  /** A template puts the name of an image together, so that it could be any; the likely ones are in `images`. */
  readonly anyImage: boolean;
  /** Services whose settings it reads; sections that are no service, such as layout, may be among them. */
  readonly settings: ReadonlySet<string> | "all";
}

export function readDeploySources(root: string, services: Services): ReadonlyMap<string, DeploySources> {
  const known = new Set(imageOwners(services).keys());
  return new Map(
    [...services.values()]
      .filter(({ deploy }) => deploy !== undefined)
      .map((service) => {
        const folder = path.join(root, service.folder);
        const settings = (): string[] => readTexts(path.join(folder, "config"), []);
        const found = sourcesOf(readTexts(path.join(folder, "deploy"), anything), known, settings);
        const own = found.anyImage ? service.images.map(({ name }) => name) : [];
        return [service.name, { ...found, images: new Set([...own, ...found.images]) }];
      }),
  );
}

/** `settings` are texts that may name an image which a template then only refers to; read where one does. */
export function sourcesOf(
  texts: readonly string[],
  known: ReadonlySet<string>,
  settings: () => readonly string[] = () => [],
): DeploySources {
  const lines = texts.flatMap((text) => imageLines(text));
  const anyImage = lines.some((line) => wordsOf(line, known).length === 0 && line.includes("{"));
  const likely = anyImage ? [...texts, ...settings()].flatMap(likelyLines) : [];
  return {
    images: new Set([...lines, ...likely].flatMap((line) => wordsOf(line, known))),
    anyImage,
    settings: union(texts.map(settingsIn)),
  };
}

function imageLines(text: string): string[] {
  return text.split("\n").filter((line) => /image["']?\s*:/i.test(line));
}

/** Such as `{% set image = "hbase" %}`, or `hbase-image: hbase` of the service's defaults. */
function likelyLines(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => /image/i.test(line))
    .map((line) => line.replaceAll(/[{}%]/g, " "));
}

function wordsOf(line: string, known: ReadonlySet<string>): string[] {
  const literal = line.replaceAll(/\{\{.*?\}\}/g, " ");
  return (literal.match(/[\w.-]+/g) ?? []).filter((word) => known.has(word));
}

const section = /\bcluster_cfg\b(?:\s*\[\s*["']([^"']+)["']\s*\]|\s*\.\s*([A-Za-z_]\w*)(?!\w*\s*\())?/g;

function settingsIn(text: string): ReadonlySet<string> | "all" {
  const found = new Set<string>();
  for (const [, byKey, byName] of text.matchAll(section)) {
    const name = byKey ?? byName;
    // Handed on as a whole, looped over, or asked for a name that is only known later.
    if (name === undefined) return "all";
    found.add(name);
  }
  return found;
}

function union(sets: readonly (ReadonlySet<string> | "all")[]): ReadonlySet<string> | "all" {
  const known = sets.filter((set) => set !== "all");
  return known.length < sets.length ? "all" : new Set(known.flatMap((set) => [...set]));
}

/** What cannot be read is told by the action; until then, anything may be in it. */
const anything = ["cluster_cfg", "image: {{ }}"];

function readTexts(folder: string, otherwise: string[]): string[] {
  try {
    return textsIn(folder, ["service.yaml"]);
  } catch {
    return otherwise;
  }
}

/** Templates and what could be a manifest; scripts may be rendered, too. */
function textsIn(folder: string, leftOut: readonly string[] = []): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return textsIn(file);
    const isText = entry.isFile() && /\.(template|ya?ml|json)$/.test(entry.name);
    return isText && !leftOut.includes(entry.name) ? [readFileSync(file, "utf8")] : [];
  });
}
