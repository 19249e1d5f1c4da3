import { contextPathsOf } from "./context-paths.ts";
import { readInstructions, type DockerfileProblem, type Instruction } from "./dockerfile-instructions.ts";
import type { BaseImage } from "./service.ts";

export interface ParsedDockerfile {
  /** In the order of the text, repetitions kept, `scratch` and own stages left out. */
  readonly bases: readonly BaseImage[];
  readonly contextPaths: readonly string[];
  readonly problems: readonly DockerfileProblem[];
}

/** The builder sets these itself; what they hold is not known before the build. */
const automatic = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/;

/** The images that a Dockerfile starts from or copies from. Never throws. */
export function parseDockerfile(text: string): ParsedDockerfile {
  const { instructions, problems: unreadable, escape } = readInstructions(text);
  const problems = [...unreadable];
  const bases: BaseImage[] = [];
  const contextPaths = new Set<string>();
  const stages = new Set<string>();
  const values = new Map<string, string>();
  let stageCount = 0;
  const isStage = (name: string): boolean =>
    stages.has(name.toLowerCase()) || (/^\d+$/.test(name) && Number(name) < stageCount);

  for (const instruction of instructions) {
    const { keyword, words, line } = instruction;
    if (keyword === "FROM") {
      const { text: reference, unknown } = expand(words[0] ?? "", values, escape);
      const known = unknown.every((name) => automatic.test(name));
      if (!known) problems.push({ line, message: `FROM ${words[0]}: ${unknownArguments(unknown)}` });
      else if (reference === "") problems.push({ line, message: "FROM names no image" });
      else if (unknown.length === 0 && reference !== "scratch" && !stages.has(reference.toLowerCase())) {
        bases.push({ reference, line });
      }
      if (words[1]?.toUpperCase() === "AS" && words[2] !== undefined) stages.add(words[2].toLowerCase());
      stageCount += 1;
    } else if (keyword === "ARG" && stageCount === 0) {
      for (const word of words) declare(word, values, escape);
    } else if (stageCount === 0) {
      problems.push({ line, message: `${keyword} stands before the first FROM` });
    } else {
      for (const path of contextPathsOf(instruction)) contextPaths.add(path);
      for (const reference of copiedFrom(instruction)) {
        // Variables are not expanded here; the engine says so with the line.
        if (!reference.includes("$") && !isStage(reference)) bases.push({ reference, line });
      }
    }
  }
  if (stageCount === 0 && problems.length === 0) problems.push({ line: 1, message: "there is no FROM" });
  return { bases, contextPaths: [...contextPaths], problems };
}

function copiedFrom({ keyword, flags }: Instruction): string[] {
  if (keyword === "COPY") return flags.flatMap(([name, value]) => (name === "from" && value ? [value] : []));
  if (keyword !== "RUN") return [];
  return flags
    .filter(([name]) => name === "mount")
    .flatMap(([, value]) => unquote(value).split(","))
    .flatMap((field) => /^from=(.+)$/.exec(field.trim())?.[1] ?? []);
}

function declare(word: string, values: Map<string, string>, escape: string): void {
  const [name = "", ...value] = word.split("=");
  if (value.length === 0) return;
  values.set(name, expand(value.join("="), values, escape).text);
}

/** `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` as Dockerfiles have them, quotes removed. */
function expand(
  word: string,
  values: ReadonlyMap<string, string>,
  escape: string,
): { readonly text: string; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const escaped = escape === "`" ? "`" : "\\\\";
  const pattern = new RegExp(
    `${escaped}(?<literal>.)|(?<quote>["'])|\\$(?:(?<plain>\\w+)|\\{(?<name>\\w+)(?:(?<operator>:?[-+])(?<word>[^}]*))?\\})`,
    "g",
  );
  const text = word.replace(pattern, (...match) => {
    const part = match.at(-1) as Record<string, string | undefined>;
    if (part.literal !== undefined) return part.literal;
    if (part.quote !== undefined) return "";
    const name = part.plain ?? part.name ?? "";
    const value = values.get(name);
    const isSet = value !== undefined && (value !== "" || part.operator?.startsWith(":") !== true);
    const alternative = (): string => {
      const inner = expand(part.word ?? "", values, escape);
      unknown.push(...inner.unknown);
      return inner.text;
    };
    if (part.operator?.endsWith("+")) return isSet ? alternative() : "";
    if (isSet) return value;
    if (part.operator) return alternative();
    if (value === undefined) unknown.push(name);
    return value ?? "";
  });
  return { text, unknown };
}

function unknownArguments(names: readonly string[]): string {
  const missing = names.filter((name) => !automatic.test(name));
  return `no ARG before it gives ${missing.join(" and ")} a value`;
}

function unquote(text: string): string {
  return text.replaceAll(/["']/g, "");
}
