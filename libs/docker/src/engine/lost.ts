import { PaiError } from "@pai/core";
import type { Engine } from "./connect.ts";
import { pingEngine } from "./request.ts";

/** An engine that had answered before, and went away in the middle of something. */
export class EngineLost extends PaiError {
  readonly engine: Engine;

  constructor(engine: Engine, doing: string, cause: unknown) {
    super("ENGINE_UNREACHABLE", `${doing}: the Docker engine at ${engine.address} went away`, {
      cause,
      hint: "look at the engine's log, then run the command again",
    });
    this.engine = engine;
  }
}

const pongWithinMs = 10_000;

/** Whether the engine still answers. */
export async function isAlive({ docker }: Engine, signal: AbortSignal): Promise<boolean> {
  return pingEngine(docker, AbortSignal.any([signal, AbortSignal.timeout(pongWithinMs)]));
}
