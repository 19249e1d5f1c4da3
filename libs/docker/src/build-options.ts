import type { Readable } from "node:stream";
import type { Instruction } from "@pai/model";
import type { BuildLog } from "./build-log.ts";
import type { StepProgress } from "./buildkit/progress.ts";
import type { SessionAnswers } from "./buildkit/session.ts";

export type Builder = "buildkit" | "classic";

export interface BuildOptions {
  /** Of the tree, absolute. */
  readonly root: string;
  readonly image: string;
  readonly builder: Builder;
  readonly context: Readable;
  readonly dockerfile: BuiltDockerfile;
  /** Set when the whole build has succeeded. */
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Values for ARGs; never secrets, as they stay in the image's history. */
  readonly args: Readonly<Record<string, string>>;
  /** The stage to build; the last one when absent. */
  readonly target?: string | undefined;
  /** Such as `linux/arm64`; the engine's own when absent. BuildKit only. */
  readonly platform?: string | undefined;
  /** Network of RUN steps: `host`, `none`, or empty for the engine's default. */
  readonly network: string;
  /** Runs every step again. */
  readonly noCache: boolean;
  /** Earlier images whose steps may be taken over; the classic builder has to have them. */
  readonly cacheFrom: readonly string[];
  /** Registries of the images that the Dockerfile names. */
  readonly hosts: readonly string[];
  readonly credentials: SessionAnswers["credentials"];
  /** BuildKit only. */
  readonly secret: SessionAnswers["secret"];
  readonly log: Pick<BuildLog, "name" | "write">;
  readonly onStep: (step: StepProgress) => void;
  readonly onOutput: (line: string) => void;
  /** Hides secrets in what the build prints. */
  readonly mask: (text: string) => string;
  readonly signal: AbortSignal;
}

export interface BuiltDockerfile {
  /** In the context. */
  readonly path: string;
  /** Relative to the tree root, for messages. */
  readonly file: string;
  /** As on disk. */
  readonly text: string;
  readonly instructions: readonly Instruction[];
}

export interface BuiltImage {
  readonly id: string;
  readonly steps: number;
  readonly cached: number;
}

/** What both builders understand. dockerode's types know neither several tags nor maps. */
export function commonRequest({
  dockerfile,
  tags,
  labels,
  args,
  target,
  network,
  noCache,
  signal,
}: BuildOptions): object {
  return {
    dockerfile: dockerfile.path,
    t: tags,
    labels,
    buildargs: args,
    abortSignal: signal,
    ...(target === undefined ? {} : { target }),
    ...(network === "" ? {} : { networkmode: network }),
    ...(noCache ? { nocache: true } : {}),
  };
}
