import { PaiError } from "@pai/core";
import type { BuildOptions, BuiltImage } from "./build-options.ts";
import { buildWithBuildKit } from "./buildkit/build.ts";
import { createProgress } from "./buildkit/progress.ts";
import { buildFailure } from "./build-failure.ts";
import { buildWithClassic } from "./classic/build.ts";
import { packFailure } from "./context/pack.ts";
import type { Engine } from "./engine/connect.ts";
import { EngineError } from "./engine/events.ts";
import { engineText, statusOf, unlessSilent } from "./engine/request.ts";
import { engineFailure } from "./image-store.ts";

/** Builds with the engine. Throws BUILD_FAILED with the step's place in the Dockerfile. */
export async function buildImage(engine: Engine, options: BuildOptions): Promise<BuiltImage> {
  const { signal, mask, log } = options;
  const progress = createProgress({
    onStep: (step) => options.onStep({ ...step, instruction: mask(step.instruction) }),
    onOutput: (line) => options.onOutput(mask(line)),
    onLog: (line) => log.write(mask(line)),
  });
  let failedToPack: Error | undefined;
  options.context.on("error", (error: Error) => (failedToPack = error));
  try {
    const build = options.builder === "buildkit" ? buildWithBuildKit : buildWithClassic;
    const id = await unlessSilent(engine.docker, signal, (until) =>
      build(engine, { ...options, signal: until }, progress),
    );
    return { id, ...progress.counts() };
  } catch (error) {
    signal.throwIfAborted();
    if (failedToPack) throw packFailure(options.image, failedToPack);
    if (error instanceof PaiError) throw error;
    if (error instanceof EngineError || (statusOf(error) ?? 0) >= 400) {
      const text = mask(engineText(error));
      log.write(text);
      const failed = progress.failed();
      const lastLines = failed?.lastLines.map(mask) ?? [];
      throw buildFailure({ ...options, failed: failed && { ...failed, lastLines }, text });
    }
    throw engineFailure(engine, `build ${options.image}`, error, signal);
  } finally {
    options.context.destroy();
  }
}
