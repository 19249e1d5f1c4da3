import { PaiError, type Report } from "@pai/core";
import {
  excerptOf,
  findForeignRun,
  findPlatforms,
  hasBuildKit,
  type Builder,
  type Engine,
} from "@pai/docker";
import type { ImageIdentity } from "./identity.ts";

/** `auto`: BuildKit where the engine has it and DOCKER_BUILDKIT=0 does not forbid it. */
export type BuilderOption = "auto" | Builder;

export interface BuilderChoiceOptions {
  readonly wanted: BuilderOption;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Names the builder for an image on an engine. Throws BUILD_FAILED for what it cannot do. */
export type ChooseBuilder = (engine: Engine, identity: ImageIdentity) => Promise<Builder>;

/** Each engine is asked once for what it can do. */
export function createBuilderChoice({ wanted, report, signal }: BuilderChoiceOptions): ChooseBuilder {
  const choose = async (engine: Engine): Promise<Builder> => {
    if (wanted !== "auto") return wanted;
    if (process.env.DOCKER_BUILDKIT === "0") return "classic";
    if (await hasBuildKit(engine, signal)) return "buildkit";
    const message = `the engine ${engine.name} at ${engine.address} has no BuildKit: its classic builder is used`;
    report({ type: "warning", message });
    return "classic";
  };
  const builderOf = once(choose);
  const platformsOf = once((engine) => findPlatforms(engine, signal));
  return async (engine, identity) => {
    const builder = await builderOf(engine);
    const platform = identity.image.build?.platform;
    if (platform === undefined) return builder;
    if (builder === "classic") throw classicIgnores(identity, platform);
    const platforms = await platformsOf(engine);
    refuseForeignRun(identity, platform, platforms);
    return builder;
  };
}

function once<T>(ask: (engine: Engine) => Promise<T>): (engine: Engine) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (engine) => {
    const found = known.get(engine.address) ?? ask(engine);
    known.set(engine.address, found);
    return found;
  };
}

/** The engine itself would make an image of its own platform, and say nothing. */
function classicIgnores({ image }: ImageIdentity, platform: string): PaiError {
  return new PaiError("BUILD_FAILED", `${image.name}: the classic builder cannot build for ${platform}`, {
    hint: "build with BuildKit (--builder buildkit), or leave the platform out",
  });
}

function refuseForeignRun(
  { image, dockerfile }: ImageIdentity,
  platform: string,
  platforms: readonly string[],
): void {
  const line = findForeignRun(dockerfile.instructions, platform, platforms)?.line;
  if (line === undefined) return;
  const message = `${image.name}: the engine cannot run a step for ${platform}`;
  throw new PaiError("BUILD_FAILED", message, {
    location: { file: image.dockerfile, line, excerpt: excerptOf(dockerfile.text, line) },
    details: [`it runs ${platforms.join(", ")}`],
    hint: "name an engine of that platform, or one with emulators (binfmt), in DOCKER_HOST; or keep RUN in stages FROM --platform=$BUILDPLATFORM",
  });
}
