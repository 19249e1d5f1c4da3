import type { Instruction } from "@pai/model";

/**
 * The first RUN that would run programs of `platform`, where the engine can run only those of `runnable`.
 * Stages that stay on the machine's own platform (`FROM --platform=$BUILDPLATFORM`) may run what they like.
 */
export function findForeignRun(
  instructions: readonly Instruction[],
  platform: string,
  runnable: readonly string[],
): Instruction | undefined {
  const foreignStages = new Map<string, boolean>();
  let isForeign = false;
  for (const instruction of instructions) {
    const { keyword, words, flags } = instruction;
    if (keyword === "RUN" && isForeign) return instruction;
    if (keyword !== "FROM") continue;
    const [image = "", , name = ""] = words;
    const written = flags.find(([flag]) => flag === "platform")?.[1] ?? "$TARGETPLATFORM";
    isForeign =
      foreignStages.get(image.toLowerCase()) ?? !runnable.includes(platformOf(written, platform, runnable));
    foreignStages.set(name.toLowerCase(), isForeign);
  }
  return undefined;
}

function platformOf(written: string, target: string, [own = ""]: readonly string[]): string {
  if (/^\$\{?BUILDPLATFORM\}?$/.test(written)) return own;
  return written.startsWith("$") ? target : written;
}
