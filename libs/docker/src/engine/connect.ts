import { PaiError } from "@pai/core";
import type Docker from "dockerode";
import { findEngineAddress, findNamedEngine, type EngineAddress } from "./address.ts";
import { requestEngine } from "./request.ts";

/** A Docker engine that has answered. */
export interface Engine {
  readonly docker: Docker;
  /** `docker 20.10.24` */
  readonly name: string;
  readonly address: string;
}

interface EngineVersion {
  readonly Version?: string;
  readonly Components?: readonly { readonly Name?: string }[];
}

const answerWithinMs = 15_000;

/** The named engine, or the one that the Docker client would use. Throws ENGINE_UNREACHABLE. */
export async function connectEngine(options: {
  /** An address such as `tcp://host:2376`, or a Docker context. */
  readonly engine?: string | undefined;
  readonly signal: AbortSignal;
}): Promise<Engine> {
  const address =
    options.engine === undefined
      ? findEngineAddress(process.env)
      : findNamedEngine(options.engine, process.env);
  try {
    // dockerode takes a third of a second to load, which a run that needs no engine does not pay.
    const { default: Dockerode } = await import("dockerode");
    const docker = new Dockerode(address.options);
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(answerWithinMs)]);
    const version = (await requestEngine(docker, {
      method: "GET",
      path: "/version",
      signal,
    })) as EngineVersion;
    const product = version.Components?.[0]?.Name?.startsWith("Podman") ? "podman" : "docker";
    return { docker, name: `${product} ${version.Version ?? "of unknown version"}`, address: address.url };
  } catch (cause) {
    options.signal.throwIfAborted();
    throw unreachable(address, cause);
  }
}

function unreachable({ url, namedBy }: EngineAddress, cause: unknown): PaiError {
  return new PaiError("ENGINE_UNREACHABLE", `reach the Docker engine at ${url}, named by ${namedBy}`, {
    cause,
    hint: "start one with: pai-local up, or name another in DOCKER_HOST",
  });
}
