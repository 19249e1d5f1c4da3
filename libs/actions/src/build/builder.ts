import type { Report } from "@pai/core";
import { hasBuildKit, type Builder, type Engine } from "@pai/docker";

/** `auto`: BuildKit where the engine has it and DOCKER_BUILDKIT=0 does not forbid it. */
export type BuilderOption = "auto" | Builder;

export interface BuilderChoiceOptions {
  readonly wanted: BuilderOption;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Names the builder to use on an engine; each engine is asked once. */
export function createBuilderChoice({
  wanted,
  report,
  signal,
}: BuilderChoiceOptions): (engine: Engine) => Promise<Builder> {
  const known = new Map<string, Promise<Builder>>();
  const choose = async (engine: Engine): Promise<Builder> => {
    if (wanted !== "auto") return wanted;
    if (process.env.DOCKER_BUILDKIT === "0") return "classic";
    if (await hasBuildKit(engine, signal)) return "buildkit";
    const message = `the engine ${engine.name} at ${engine.address} has no BuildKit: its classic builder is used`;
    report({ type: "warning", message });
    return "classic";
  };
  return (engine) => {
    const found = known.get(engine.address) ?? choose(engine);
    known.set(engine.address, found);
    return found;
  };
}
