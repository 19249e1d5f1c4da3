// The builder that engines had before BuildKit, and the only one behind Podman's socket.
import { PaiError } from "@pai/core";
import { excerptOf } from "../build-failure.ts";
import { commonQuery, type BuildOptions } from "../build-options.ts";
import type { BuildProgress } from "../buildkit/progress.ts";
import type { Trace } from "../buildkit/trace.ts";
import type { Engine } from "../engine/connect.ts";
import { EngineError, engineEvents, imageIdOf } from "../engine/events.ts";
import { streamFromEngine } from "../engine/request.ts";
import { registryConfigHeader } from "../registry-auth.ts";
import { createTranscript } from "./transcript.ts";

/** Returns the image's id. */
export async function buildWithClassic(
  engine: Engine,
  options: BuildOptions,
  progress: BuildProgress,
): Promise<string> {
  refuseUnknownFlags(options);
  const query = {
    ...commonQuery(options),
    rm: "true",
    // Without it a failed step leaves its container behind.
    forcerm: "true",
    // With it, nothing else of what the engine has built is looked at.
    ...(options.cacheFrom.length === 0 ? {} : { cachefrom: JSON.stringify(options.cacheFrom) }),
  };
  const body = await streamFromEngine(engine.open, {
    method: "POST",
    path: "/build",
    query,
    headers: { "x-registry-config": await registryConfigHeader(options.hosts, options.credentials) },
    body: options.context,
    signal: options.signal,
  });
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
