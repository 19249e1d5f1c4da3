import { PaiError } from "@pai/core";
import type { Builder, BuiltDockerfile } from "./build-options.ts";
import type { FailedVertex } from "./buildkit/progress.ts";
import { remedyOf } from "./build-remedy.ts";
import { locateStep, parseStepName } from "./dockerfile/locate-step.ts";

export interface FailedBuild {
  /** Of the tree, absolute. */
  readonly root: string;
  readonly image: string;
  readonly builder: Builder;
  readonly dockerfile: BuiltDockerfile;
  readonly log: { readonly name: string };
  readonly failed: FailedVertex | undefined;
  /** The engine's own words. */
  readonly text: string;
}

/** The engine's failure with the place in the Dockerfile and what the step printed last. */
export function buildFailure(build: FailedBuild): PaiError {
  const { root, image, builder, dockerfile, log, failed, text } = build;
  const step = failed && parseStepName(failed.name);
  const instruction = step && locateStep(dockerfile.instructions, step, builder);
  const line = step ? instruction?.line : lineOf(text, failed, dockerfile);
  const exit = /(?:exit code:|non-zero code:|exit status) (\d+)/.exec(text)?.[1];
  const stepText = step
    ? `step ${step.stage === "" ? "" : `${step.stage} `}${step.number}/${step.total}`
    : "the build";
  const message =
    exit === undefined
      ? `${image}: ${stepText} failed`
      : `${image}: ${stepText} ended with exit code ${exit}`;
  const lastLines = failed?.lastLines ?? [];
  const hint = remedyOf({ root, dockerfile, instruction, exit, text, lastLines });
  return new PaiError("BUILD_FAILED", message, {
    location:
      line === undefined
        ? { file: dockerfile.file }
        : { file: dockerfile.file, line, excerpt: excerptOf(dockerfile.text, line) },
    details: [
      ...(exit === undefined || lastLines.length === 0 ? [text] : []),
      ...(lastLines.length > 0 ? ["last lines:", ...lastLines.map((each) => `   ${each}`)] : []),
      `whole output: ${log.name}`,
    ],
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The line before, the line itself, and a mark under its first word. */
export function excerptOf(text: string, line: number): string[] {
  const lines = text.split(/\r?\n/);
  const width = String(line).length;
  const numbered = (number: number): string =>
    `${String(number).padStart(width)} | ${lines[number - 1] ?? ""}`;
  const [, indent = "", word = ""] = /^(\s*)(\S*)/.exec(lines[line - 1] ?? "") ?? [];
  return [
    ...(line > 1 ? [numbered(line - 1)] : []),
    numbered(line),
    `${" ".repeat(width)} | ${indent}${"^".repeat(Math.max(1, word.length))}`,
  ];
}

/** The frontend names lines in its text only; an image it could not find is looked up among the FROMs. */
function lineOf(
  text: string,
  failed: FailedVertex | undefined,
  { instructions }: BuiltDockerfile,
): number | undefined {
  const said = /parse error line (\d+)/i.exec(text)?.[1];
  if (said !== undefined) return Number(said);
  const missing = /load metadata for (\S+)/.exec(failed?.name ?? "")?.[1];
  const from = instructions.filter(({ keyword }) => keyword === "FROM");
  // FROM may have been sent with a digest in place of the tag.
  const named = from.find(({ words }) => missing?.includes((words[0] ?? " ").replace(/[:@][^/]*$/, "")));
  return named?.line;
}
