// Manifests are read as kubectl reads them (go-yaml 2 inside), which differs from PyYAML: `y` is a
// boolean, 0o644 and 1e3 are numbers, 22:22 and dates are strings.
import {
  CORE_SCHEMA,
  defineScalarTag,
  dump,
  floatCoreTag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  YAMLException,
} from "js-yaml";
import { PaiError } from "@pai/core";
import { positionsIn, type Position, type YamlPath } from "./yaml-positions.ts";

/** One document of a manifest file. */
export interface ManifestDocument {
  /** Undefined for a document that holds nothing but comments. */
  readonly value: unknown;
  /** Line of the file on which the document's text begins, from 1. */
  readonly line: number;
  /** The document's text is `text.slice(start, end)`: between two `---` lines. */
  readonly start: number;
  readonly end: number;
}

const trueWords = new Set(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]);
const falseWords = new Set(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]);

const boolTag = defineScalarTag<boolean>("tag:yaml.org,2002:bool", {
  implicit: true,
  implicitFirstChars: Array.from("yYnNtTfFoO"),
  resolve: (source) => (trueWords.has(source) ? true : falseWords.has(source) ? false : NOT_RESOLVED),
  identify: (data) => typeof data === "boolean",
  represent: (data) => (data ? "true" : "false"),
});

const intTag = defineScalarTag<number>("tag:yaml.org,2002:int", {
  implicit: true,
  implicitFirstChars: Array.from("+-0123456789"),
  resolve: (source) => parseGoInteger(source) ?? NOT_RESOLVED,
  identify: (data) => Number.isInteger(data),
  represent: String,
});

const floatTag = defineScalarTag<number>("tag:yaml.org,2002:float", {
  ...floatCoreTag,
  resolve: (source, isExplicit, tagName) =>
    floatCoreTag.resolve(source.replaceAll("_", ""), isExplicit, tagName),
});

const schema = CORE_SCHEMA.withTags(mergeTag, boolTag, intTag, floatTag);

/** Throws CONFIG_INVALID with line and column when a document is no YAML. */
export function parseManifestYaml(text: string, file: string): ManifestDocument[] {
  return splitDocuments(text).map(({ line, start, end }) => {
    try {
      // A comment-only document is one that js-yaml's `load` refuses.
      const [value] = loadAll(text.slice(start, end), { schema, json: true, maxAliases: 1000 });
      return { value: value ?? undefined, line, start, end };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const at = error.mark ? { line: line + error.mark.line, column: error.mark.column + 1 } : { line };
      throw new PaiError("CONFIG_INVALID", `${file} is not YAML: ${error.reason}`, {
        location: { file, ...at },
        cause: error,
      });
    }
  });
}

/** Where a key or list entry of a document stands in the file; the document is one of those parsed from `text`. */
export function locateInManifest(
  text: string,
  { start, end, line }: ManifestDocument,
): (path: YamlPath) => Position {
  const source = text.slice(start, end);
  const { locate } = positionsIn(parseEvents(source, {}), source);
  return (path) => {
    const position = locate(path);
    return { ...position, line: position.line + line - 1 };
  };
}

/** YAML that kubectl reads back as the same value. */
export function formatManifestYaml(value: unknown): string {
  return dump(value, { schema, lineWidth: -1, noRefs: true });
}

// kubectl's rule: a line that starts with `---`, followed by nothing but blanks or a comment.
function splitDocuments(text: string): { line: number; start: number; end: number }[] {
  const documents: { line: number; start: number; end: number }[] = [];
  let start = 0;
  let startLine = 1;
  let offset = 0;
  let line = 1;
  for (const content of text.split("\n")) {
    const next = offset + content.length + 1;
    if (/^---\s*(#.*)?$/.test(content)) {
      documents.push({ line: startLine, start, end: offset });
      start = Math.min(next, text.length);
      startLine = line + 1;
    }
    offset = next;
    line += 1;
  }
  documents.push({ line: startLine, start, end: text.length });
  return documents.filter((document) => document.start < document.end);
}

function parseGoInteger(source: string): number | undefined {
  const plain = source.replaceAll("_", "");
  const {
    sign = "",
    hex,
    binary,
    octal,
    decimal,
  } = /^(?<sign>[-+]?)(?:0[xX](?<hex>[0-9a-fA-F]+)|0[bB](?<binary>[01]+)|0[oO]?(?<octal>[0-7]+)|(?<decimal>0|[1-9][0-9]*))$/.exec(
    plain,
  )?.groups ?? {};
  const [digits, base] = hex ? [hex, 16] : binary ? [binary, 2] : octal ? [octal, 8] : [decimal, 10];
  if (digits === undefined) return undefined;
  const value = Number.parseInt(digits, base);
  return sign === "-" ? -value : value;
}
