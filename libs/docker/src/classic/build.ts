// The builder that engines had before BuildKit, and the only one behind Podman's socket.
import type { Readable } from "node:stream";
import { PaiError } from "@pai/core";
import type Docker from "dockerode";
import { excerptOf } from "../build-failure.ts";
import { commonRequest, type BuildOptions } from "../build-options.ts";
import type { BuildProgress } from "../buildkit/progress.ts";
import type { Trace } from "../buildkit/trace.ts";
import type { Engine } from "../engine/connect.ts";
import { EngineError, engineEvents, imageIdOf } from "../engine/events.ts";
import { registryConfigHeader } from "../registry-auth.ts";
import { createTranscript } from "./transcript.ts";

/** Returns the image's id. */
export async function buildWithClassic(
  engine: Engine,
  options: BuildOptions,
  progress: BuildProgress,
): Promise<string> {
  refuseUnknownFlags(options);
  const request = {
    ...commonRequest(options),
    rm: true,
    // Without it a failed step leaves its container behind.
    forcerm: true,
    // With it, nothing else of what the engine has built is looked at.
    ...(options.cacheFrom.length === 0 ? {} : { cachefrom: options.cacheFrom }),
    registryconfig: { base64: await registryConfigHeader(options.hosts, options.credentials) },
  };
  const body = (await engine.docker.buildImage(
    options.context,
    request as unknown as Docker.ImageBuildOptions,
  )) as Readable;
  const transcript = createTranscript(Object.keys(options.labels).length);
  const tell = (traces: readonly Trace[]): void => traces.forEach((trace) => progress.take(trace));
  let id = "";
  try {
    for await (const event of engineEvents(body, (each) => imageIdOf(each) !== undefined)) {
      id = imageIdOf(event) ?? id;
      tell(transcript.take(event.stream ?? ""));
    }
    tell(transcript.end());
    return id;
  } catch (error) {
    if (error instanceof EngineError) tell(transcript.end(error.message));
    throw error;
  }
}

const newer: Readonly<Record<string, readonly string[]>> = {
  RUN: ["mount", "network", "security"],
  COPY: ["chmod", "link", "parents", "exclude"],
  ADD: ["chmod", "link", "checksum", "keep-git-dir"],
};

/** The engine would name neither the line nor a way out. */
function refuseUnknownFlags({ image, dockerfile }: BuildOptions): void {
  for (const { keyword, flags, line } of dockerfile.instructions) {
    const flag = flags.find(([name]) => newer[keyword]?.includes(name))?.[0];
    if (flag === undefined) continue;
    throw new PaiError("BUILD_FAILED", `${image}: the classic builder does not know ${keyword} --${flag}`, {
      location: { file: dockerfile.file, line, excerpt: excerptOf(dockerfile.text, line) },
      hint: "build with BuildKit (--builder buildkit), which Docker engines have",
    });
  }
}
