import type { Readable } from "node:stream";
import { PaiError } from "@pai/core";
import type { Instruction } from "@pai/model";
import type Docker from "dockerode";
import { createProgress, type BuildProgress, type StepProgress } from "./buildkit/progress.ts";
import { openSession, type SessionAnswers } from "./buildkit/session.ts";
import { decodeTrace } from "./buildkit/trace.ts";
import { buildFailure } from "./build-failure.ts";
import { openBuildLog } from "./build-log.ts";
import type { Engine } from "./engine/connect.ts";
import { EngineError, engineEvents, type EngineEvent } from "./engine/events.ts";
import { engineText, statusOf } from "./engine/request.ts";
import { engineFailure } from "./image-store.ts";

export interface BuildOptions {
  readonly image: string;
  readonly context: Readable;
  readonly dockerfile: BuiltDockerfile;
  /** Set when the whole build has succeeded. */
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Network of RUN steps: `host`, `none`, or empty for the engine's default. */
  readonly network: string;
  readonly credentials: SessionAnswers["credentials"];
  readonly log: {
    /** Absolute; overwritten. */
    readonly path: string;
    /** As messages name it. */
    readonly name: string;
  };
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

/** Builds with the engine's BuildKit. Throws BUILD_FAILED with the step's place in the Dockerfile. */
export async function buildImage(engine: Engine, options: BuildOptions): Promise<BuiltImage> {
  const { signal, mask } = options;
  const log = openBuildLog(options.log.path);
  const progress = createProgress({
    onStep: (step) => options.onStep({ ...step, instruction: mask(step.instruction) }),
    onOutput: (line) => options.onOutput(mask(line)),
    onLog: (line) => log.write(mask(line)),
  });
  let failedToPack: Error | undefined;
  options.context.on("error", (error: Error) => (failedToPack = error));
  try {
    const id = await run(engine, options, progress);
    return { id, ...progress.counts() };
  } catch (error) {
    signal.throwIfAborted();
    if (failedToPack instanceof PaiError) throw failedToPack;
    if (failedToPack)
      throw new PaiError("BUILD_FAILED", `${options.image}: send the build context`, { cause: failedToPack });
    if (error instanceof PaiError) throw error;
    if (error instanceof EngineError || (statusOf(error) ?? 0) >= 400) {
      const text = mask(engineText(error));
      log.write(text);
      throw buildFailure({ ...options, failed: progress.failed(), text });
    }
    throw engineFailure(engine, `build ${options.image}`, error, signal);
  } finally {
    options.context.destroy();
    log.close();
  }
}

async function run(engine: Engine, options: BuildOptions, progress: BuildProgress): Promise<string> {
  const { signal, credentials } = options;
  const session = await openSession(engine.docker, { credentials }, signal).catch((error: unknown) => {
    throw statusOf(error) === 404 ? withoutBuildKit(engine, error) : error;
  });
  try {
    const request = {
      version: 2,
      session: session.id,
      dockerfile: options.dockerfile.path,
      t: options.tags,
      labels: options.labels,
      abortSignal: signal,
      ...(options.network === "" ? {} : { networkmode: options.network }),
    };
    // dockerode opens a session of its own for the text "2", one that gives every host the same password;
    // the number is passed on as it is. Its types know neither that nor several tags.
    const body = (await engine.docker.buildImage(
      options.context,
      request as unknown as Docker.ImageBuildOptions,
    )) as Readable;
    let id = "";
    for await (const event of engineEvents(body, (each) => imageIdOf(each) !== undefined)) {
      id = imageIdOf(event) ?? id;
      if (event.id === "moby.buildkit.trace") progress.take(decodeTrace(event.aux as string));
    }
    return id;
  } finally {
    session.close();
  }
}

function withoutBuildKit({ name, address }: Engine, cause: unknown): PaiError {
  return new PaiError("BUILD_FAILED", `the engine ${name} at ${address} has no BuildKit`, {
    cause: new Error(engineText(cause)),
    hint: "name a Docker engine of version 18.09 or newer in DOCKER_HOST",
  });
}

function imageIdOf({ aux }: EngineEvent): string | undefined {
  return (aux as { ID?: string } | undefined)?.ID;
}
