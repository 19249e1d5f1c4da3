import { PaiError, type Location } from "@pai/core";
import { readText } from "../files.ts";
import path from "node:path";

/** The steps of OpenPAI's config classes, in their order; config/*.ts has the same three without loading. */
export type CodePhase = "load" | "validation_pre" | "run" | "validation_post";

export interface CodeFailure {
  readonly service: string;
  readonly phase: CodePhase;
  readonly message: string;
  /** The exception's class; absent when the code itself refuses the configuration. */
  readonly error?: string;
  /** Deepest place in the service's own files, relative to the tree root. */
  readonly file: string;
  readonly line?: number;
}

const doing: Readonly<Record<CodePhase, string>> = {
  load: "cannot be loaded",
  validation_pre: "fails in its first check",
  run: "fails to make its settings",
  validation_post: "fails in its check of the whole model",
};

/** The failure as an operator reads it; `mask` takes secrets out of what the code said. */
export function codeError(failure: CodeFailure, root: string, mask: (text: string) => string): PaiError {
  const { service, phase, error, file, line } = failure;
  const message = mask(failure.message);
  const location: Location = line === undefined ? { file } : { file, line, ...excerptOf(root, file, line) };
  if (error === undefined) {
    return new PaiError("CONFIG_INVALID", `${service} refuses its configuration: ${message}`, { location });
  }
  return new PaiError("CONFIG_INVALID", `${service}: ${file} ${doing[phase]}`, {
    location,
    details: [error === "SystemExit" ? `it ends the program (${message})` : `${error}: ${message}`],
    ...hintFor(error),
  });
}

function hintFor(error: string): { readonly hint?: string } {
  if (error === "SyntaxError") {
    return { hint: "python3 runs it: print and except need their Python 3 form, which Python 2.7 reads too" };
  }
  if (error === "ModuleNotFoundError" || error === "ImportError") {
    return { hint: "install the module for python3, or name another python3 in PAI_PYTHON" };
  }
  if (error === "KeyError") return { hint: "a key that the code needs is not in the configuration" };
  return {};
}

function excerptOf(root: string, file: string, line: number): { readonly excerpt?: readonly string[] } {
  const text = readText(path.join(root, file), file)?.split("\n")[line - 1]?.trimEnd();
  return text ? { excerpt: [`${line} | ${text}`] } : {};
}
