import type { Readable } from "node:stream";
import { PaiError } from "@pai/core";
import type Docker from "dockerode";
import { commonRequest, type BuildOptions } from "../build-options.ts";
import type { Engine } from "../engine/connect.ts";
import { engineEvents, imageIdOf } from "../engine/events.ts";
import { engineText, statusOf, unlessSilent } from "../engine/request.ts";
import { engineFailure } from "../image-store.ts";
import type { BuildProgress } from "./progress.ts";
import { openSession } from "./session.ts";
import { decodeTrace } from "./trace.ts";

/** Returns the image's id. */
export async function buildWithBuildKit(
  engine: Engine,
  options: BuildOptions,
  progress: BuildProgress,
): Promise<string> {
  const { args, platform, cacheFrom, credentials, secret, signal } = options;
  const session = await openSession(engine.docker, { credentials, secret }, signal).catch(
    (error: unknown) => {
      throw statusOf(error) === 404 ? withoutBuildKit(engine, error) : error;
    },
  );
  try {
    const request = {
      ...commonRequest(options),
      version: 2,
      session: session.id,
      // The image carries what another engine needs to take its steps over.
      buildargs: { ...args, BUILDKIT_INLINE_CACHE: "1" },
      ...(platform === undefined ? {} : { platform }),
      ...(cacheFrom.length === 0 ? {} : { cachefrom: cacheFrom }),
    };
    // dockerode opens a session of its own for the text "2", one that gives every host the same password;
    // the number is passed on as it is.
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

/** Whether the engine builds with BuildKit: it then takes the sessions that BuildKit calls back on. */
export async function hasBuildKit(engine: Engine, signal: AbortSignal): Promise<boolean> {
  const nothing = { credentials: () => Promise.resolve(undefined), secret: () => undefined };
  try {
    const session = await unlessSilent(engine.docker, signal, (until) =>
      openSession(engine.docker, nothing, until),
    );
    session.close();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw engineFailure(engine, "ask for BuildKit", error, signal);
  }
}

function withoutBuildKit({ name, address }: Engine, cause: unknown): PaiError {
  return new PaiError("BUILD_FAILED", `the engine ${name} at ${address} has no BuildKit`, {
    cause: new Error(engineText(cause)),
    hint: "leave the builder to pai (--builder auto), or name a Docker engine of version 18.09 or newer in DOCKER_HOST",
  });
}
