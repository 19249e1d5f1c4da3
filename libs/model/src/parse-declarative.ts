// The keys of service.yaml with which a service is applied without a script of its own.
import type { PaiError } from "@pai/core";
import type { ModelObject, ModelValue } from "./cluster.ts";
import { describe } from "./describe.ts";
import { optionalText, report, type Section } from "./section.ts";
import type { ConfigSource, Declarative, NamedLine } from "./service.ts";
import { isModelList, isModelObject, type YamlDocument } from "./yaml.ts";

interface Input {
  readonly document: YamlDocument;
  readonly value: ModelObject;
  readonly problems: PaiError[];
  readonly templates: readonly NamedLine[];
  readonly hasStartScript: boolean;
  /** The entries of `apply`, checked to stay in the deploy folder. */
  readonly apply: readonly NamedLine[];
}

export const defaultRevisions = 10;
const ownKeys = ["apply", "config-map", "secret", "keep-revisions"];

/** Undefined for a service that a script starts, and for one that has nothing to apply. */
export function parseDeclarative(input: Input): Declarative | undefined {
  const { document, value, problems, templates, hasStartScript, apply } = input;
  const top: Section = { document, path: [], value, errors: problems };
  const used = ownKeys.filter((key) => (value.get(key) ?? null) !== null);
  if (hasStartScript) {
    for (const key of used)
      report(top, [key], "and start-script are two ways to start the service", "take one of them away");
    return undefined;
  }
  if (used.length === 0 && templates.length === 0) return undefined;
  return {
    ...((value.get("apply") ?? null) === null ? {} : { apply }),
    sources: [...parseSources(top, "config-map", "ConfigMap"), ...parseSources(top, "secret", "Secret")],
    keepRevisions: parseRevisions(top),
  };
}

function parseSources(top: Section, key: string, kind: ConfigSource["kind"]): ConfigSource[] {
  const list = top.value.get(key) ?? null;
  if (list === null) return [];
  if (!isModelList(list)) {
    report(top, [key], `must be a list of entries such as  {name: x, from: folder}, not ${describe(list)}`);
    return [];
  }
  return list.flatMap((item, index) => {
    if (!isModelObject(item)) {
      report(top, [key, index], `must be a map with name and from, not ${describe(item)}`);
      return [];
    }
    return parseSource({ ...top, path: [key, index], value: item }, kind) ?? [];
  });
}

function parseSource(section: Section, kind: ConfigSource["kind"]): ConfigSource | undefined {
  const name = optionalText(section, "name");
  const namespace = optionalText(section, "namespace");
  const type = kind === "Secret" ? optionalText(section, "type") : undefined;
  const from = parseFrom(section);
  const literal = parseLiteral(section);
  for (const key of section.value.keys()) {
    if (["name", "namespace", "from", "literal"].includes(key) || (key === "type" && kind === "Secret"))
      continue;
    report(section, [key], "is no key of such an entry", "it has name, namespace, from and literal");
  }
  if (name === undefined) {
    if (!section.value.has("name")) report(section, [], "has no name");
    return undefined;
  }
  if (!section.value.has("from") && !section.value.has("literal"))
    report(section, [], "has neither from nor literal, so it would be empty");
  return {
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(type === undefined ? {} : { type }),
    from,
    literal,
    line: section.document.locate(section.path).line ?? 1,
  };
}

function parseFrom(section: Section): string[] {
  const value: ModelValue = section.value.get("from") ?? null;
  if (value === null) return [];
  const entries = isModelList(value) ? value : [value];
  return entries.flatMap((entry, index) => {
    const at = isModelList(value) ? ["from", index] : ["from"];
    if (typeof entry !== "string" || entry === "") {
      report(section, at, `must name files or folders of deploy/, not ${describe(entry)}`);
      return [];
    }
    const file = entry.slice(entry.indexOf("=") + 1);
    if (file.startsWith("/") || file.split(/[/\\]/).includes("..") || file.includes("\0")) {
      report(section, at, `leaves the service's deploy folder: ${JSON.stringify(file)}`);
      return [];
    }
    return [entry.replace(/\/+$/, "")];
  });
}

function parseLiteral(section: Section): Readonly<Record<string, string>> {
  const value = section.value.get("literal") ?? null;
  if (value === null) return {};
  if (!isModelObject(value)) {
    report(section, ["literal"], `must be a map of texts, not ${describe(value)}`);
    return {};
  }
  const texts = [...value.keys()].flatMap((key): [string, string][] => {
    const text = value.get(key) ?? null;
    if (typeof text === "string") return [[key, text]];
    report(section, ["literal", key], `must be a text, not ${describe(text)}`, "put it in quotes");
    return [];
  });
  return Object.fromEntries(texts);
}

function parseRevisions(top: Section): number {
  const value = top.value.get("keep-revisions") ?? null;
  if (value === null) return defaultRevisions;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1) return value;
  report(top, ["keep-revisions"], `must be a whole number from 1 on, not ${describe(value)}`);
  return defaultRevisions;
}
