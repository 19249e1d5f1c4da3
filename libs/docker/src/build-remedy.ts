// What can be done about a build that failed. Neither the engine nor a step that writes says by a code what is
// wrong, so that their words have to do.
import { existsSync } from "node:fs";
import path from "node:path";
import type { Instruction } from "@pai/model";
import type { BuiltDockerfile } from "./build-options.ts";
import { judge } from "./context/dockerignore.ts";
import { readDockerignore } from "./context/walk.ts";

export interface FailedStep {
  /** Of the tree, absolute. */
  readonly root: string;
  readonly dockerfile: BuiltDockerfile;
  /** Absent when it was no step of the Dockerfile that failed. */
  readonly instruction: Instruction | undefined;
  /** Of a step's command. */
  readonly exit: string | undefined;
  /** The engine's own words. */
  readonly text: string;
  readonly lastLines: readonly string[];
}

export function remedyOf(step: FailedStep): string | undefined {
  const { exit, text, lastLines } = step;
  const all = [text, ...lastLines].join("\n");
  if (/no space left on device/i.test(all))
    return "the engine's disk is full: pai-build prune removes images that are not needed any more, with --build-cache also its cache";
  const uncertified = /"https:\/\/([^/"]+)\/[^"]*": (?:x509:|tls:|remote error: tls:)/.exec(all)?.[1];
  // Pushes, pulls and the classic builder look into that folder at each use.
  if (uncertified !== undefined)
    return `the certificates for ${uncertified} belong into /etc/docker/certs.d/${uncertified}; the engine's BuildKit sees a new folder there only once the engine is started again, --builder classic at once`;
  return exit === undefined ? remedyOfEngine(step) : remedyOfCommand(exit, lastLines.join("\n"));
}

function remedyOfEngine({ root, dockerfile, instruction, text }: FailedStep): string | undefined {
  if (/parse error line \d+/i.test(text))
    return "correct the line; a step that goes on in the next line has to end in \\";
  const silent = /"https?:\/\/([^/"]+)\/[^"]*": (?:dial tcp|read tcp|context deadline|EOF)/.exec(text)?.[1];
  if (silent !== undefined) return `check that ${silent} is up and can be reached from the engine`;
  const copies = instruction?.keyword === "COPY" || instruction?.keyword === "ADD";
  return copies && /not found|no such file|not exist/i.test(text)
    ? remedyOfCopy(root, dockerfile, instruction)
    : undefined;
}

/** Engines name what is missing in many ways; the line itself tells what it wanted. */
function remedyOfCopy(
  root: string,
  { file, path: inContext }: BuiltDockerfile,
  { keyword, flags, words }: Instruction,
): string {
  const from = flags.find(([name]) => name === "from")?.[1];
  if (from !== undefined) return `look at what is in ${from}: correct the path, or make the file there`;
  const folder = file.slice(0, -inContext.length - 1);
  const sources = words.slice(0, -1).map((word) => path.posix.normalize(word).replace(/^\//, ""));
  const isThere = (source: string): boolean => existsSync(path.join(root, folder, source));
  const leftOut = sources.find((source) => isThere(source) && isLeftOut(root, { file, folder }, source));
  if (leftOut !== undefined)
    return `${folder}/${leftOut} is there, but .dockerignore leaves it out: add the line !${leftOut} to its end`;
  const missing = sources.find((source) => /^[\w./-]+$/.test(source) && !isThere(source));
  if (missing?.startsWith("dependency/"))
    return `dependency/ holds the components that ${folder}/build/component.dep names, as src/ has them`;
  return missing === undefined
    ? `${keyword} reads from ${folder}, without what .dockerignore leaves out: correct the path, or add the file`
    : `${keyword} reads from ${folder}, which has no ${missing}: correct the path, or add the file`;
}

function isLeftOut(
  root: string,
  of: { readonly file: string; readonly folder: string },
  source: string,
): boolean {
  const patterns = readDockerignore(root, of.file, of.folder);
  const parts = source.split("/");
  let verdict = judge(patterns, parts[0] ?? "", undefined);
  for (let length = 2; length <= parts.length; length += 1)
    verdict = judge(patterns, parts.slice(0, length).join("/"), verdict.hits);
  return verdict.ignored;
}

function remedyOfCommand(exit: string, printed: string): string {
  if (/could not resolve|temporary failure in name resolution|temporary failure resolving/i.test(printed))
    return "the step found no such host: give a proxy (--build-arg HTTPS_PROXY=…) or another --network";
  if (exit === "127")
    return "a command of the step is not in the image: install it before, or start from an image that has it";
  if (exit === "126")
    return "a command of the step may not be run: it is not executable, or for another platform";
  if (exit === "137") return "the step was killed, mostly for want of memory: give the engine more of it";
  return "correct the step and build again: the steps before it come from the engine's cache";
}
