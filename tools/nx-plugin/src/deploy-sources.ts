// What a deployment is made of outside of its own folder, as far as its files say it: the images that its
// manifests name and the settings that its templates read. Rather too much than too little: where a name is
// put together by a template, it could be any.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { imageOwners, type Services } from "@pai/plan";

export interface DeploySources {
  /** Services whose images it runs. */
  readonly images: ReadonlySet<string> | "all";
  /** Services whose settings it reads; sections that are no service, such as layout, may be among them. */
  readonly settings: ReadonlySet<string> | "all";
}

export function readDeploySources(root: string, services: Services): ReadonlyMap<string, DeploySources> {
  const owners = imageOwners(services);
  return new Map(
    [...services.values()]
      .filter(({ deploy }) => deploy !== undefined)
      .map(({ name, folder }) => [name, sourcesOf(readTexts(path.join(root, folder, "deploy")), owners)]),
  );
}

export function sourcesOf(texts: readonly string[], owners: ReadonlyMap<string, string>): DeploySources {
  return {
    images: union(texts.map((text) => imagesIn(text, owners))),
    settings: union(texts.map(settingsIn)),
  };
}

function imagesIn(text: string, owners: ReadonlyMap<string, string>): ReadonlySet<string> | "all" {
  const found = new Set<string>();
  for (const line of text.split("\n")) {
    if (!/image["']?\s*:/i.test(line)) continue;
    const literal = line.replaceAll(/\{\{.*?\}\}/g, " ");
    const named = (literal.match(/[\w.-]+/g) ?? []).flatMap((word) => owners.get(word) ?? []);
    if (named.length === 0 && line.includes("{")) return "all";
    for (const owner of named) found.add(owner);
  }
  return found;
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

/** Templates and what could be a manifest; scripts may be rendered, too. */
function readTexts(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(template|ya?ml|json)$/.test(entry.name))
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8"));
  } catch {
    // Whatever cannot be read is told by the action; until then, anything may be in it.
    return ["cluster_cfg", "image: {{ }}"];
  }
}
