import { contextPathsOf } from "./context-paths.ts";
import { readInstructions, type DockerfileProblem, type Instruction } from "./dockerfile-instructions.ts";
import type { BaseImage, DockerfileNames, SecretMount } from "./service.ts";

export interface ParsedDockerfile {
  /** In the order of the text, repetitions kept, `scratch` and own stages left out. */
  readonly bases: readonly BaseImage[];
  readonly contextPaths: readonly string[];
  readonly names: DockerfileNames;
  readonly problems: readonly DockerfileProblem[];
}

/** The builder sets these itself; what they hold is not known before the build. */
const automatic = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/;

/** The images that a Dockerfile starts from or copies from, with these values for its ARGs. Never throws. */
export function parseDockerfile(text: string, args: Readonly<Record<string, string>> = {}): ParsedDockerfile {
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
      for (const word of words) declare(word, values, escape, args);
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
  return { bases, contextPaths: [...contextPaths], names: namesIn(instructions), problems };
}

function namesIn(instructions: readonly Instruction[]): DockerfileNames {
  const of = (keyword: string): Instruction[] => instructions.filter((each) => each.keyword === keyword);
  const args = of("ARG").flatMap(({ words }) => words.map((word) => word.split("=")[0] ?? ""));
  const stages = of("FROM").flatMap(({ words: [, as, name] }) =>
    as?.toUpperCase() === "AS" && name !== undefined ? [name.toLowerCase()] : [],
  );
  return { args: [...new Set(args)], stages, secrets: of("RUN").flatMap(secretMounts) };
}

function secretMounts({ flags, line }: Instruction): SecretMount[] {
  return flags.flatMap(([name, value]) => {
    const fields = new Map(
      unquote(value)
        .split(",")
        .map((field) => {
          const [key = "", ...rest] = field.trim().split("=");
          return [key, rest.join("=")];
        }),
    );
    if (name !== "mount" || fields.get("type") !== "secret") return [];
    const target = fields.get("target") ?? fields.get("dst") ?? fields.get("destination") ?? "";
    const id = fields.get("id") ?? target.slice(target.lastIndexOf("/") + 1);
    const required = fields.has("required") && fields.get("required") !== "false";
    return id === "" ? [] : [{ id, required, line }];
  });
}

function copiedFrom({ keyword, flags }: Instruction): string[] {
  if (keyword === "COPY") return flags.flatMap(([name, value]) => (name === "from" && value ? [value] : []));
  if (keyword !== "RUN") return [];
  return flags
    .filter(([name]) => name === "mount")
    .flatMap(([, value]) => unquote(value).split(","))
    .flatMap((field) => /^from=(.+)$/.exec(field.trim())?.[1] ?? []);
}

function declare(
  word: string,
  values: Map<string, string>,
  escape: string,
  args: Readonly<Record<string, string>>,
): void {
  const [name = "", ...value] = word.split("=");
  const given = args[name];
  if (given !== undefined) values.set(name, given);
  else if (value.length > 0) values.set(name, expand(value.join("="), values, escape).text);
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
