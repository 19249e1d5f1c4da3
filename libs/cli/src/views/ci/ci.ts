import type { Location } from "@pai/core";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";

/**
 * What the log of a CI system can show beyond lines. As tasks run side by side and folded blocks cannot
 * overlap, a block holds what one task printed, and comes when the task has ended.
 */
export interface Ci {
  readonly fold: (block: FoldedBlock) => string;
  /** A line that makes the system show the message beside the code. */
  readonly annotate?: (level: "error" | "warning", note: Annotation) => string;
}

interface FoldedBlock {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface Annotation {
  readonly message: string;
  readonly location: Location;
  readonly title?: string;
}

export function ciOf(env: Readonly<Record<string, string | undefined>>): Ci | undefined {
  if (env["GITHUB_ACTIONS"] === "true") return github;
  return env["GITLAB_CI"] === "true" ? gitlab : undefined;
}
