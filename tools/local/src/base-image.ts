import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import { certificatesHash, makeDebianRoot, recipeHash, SUITE } from "./debian-root.ts";
import { callEngine, engineAddress } from "./engine-connection.ts";
import { writeImageArchive } from "./image-archive.ts";
import type { Part, Step } from "./parts.ts";
import { inWorkFolder, type Settings } from "./settings.ts";

const BASE_IMAGE = "debian:bookworm-slim";
/** Tells which certificates of the machine the image was made with. */
const LABEL = "dev.pai.local.certificates";

export function baseImagePart(settings: Settings): Part {
  return {
    name: "base-image",
    title: BASE_IMAGE,
    needs: ["engine", "packages"],
    look: async (signal) => {
      const labels = await imageLabels(signal);
      if (!labels) return { state: "stopped" };
      const made = labels[LABEL];
      if (made !== undefined && made !== (await certificatesHash()))
        return {
          state: "unhealthy",
          reason: "it was made with other certificates than the machine has now",
        };
      return { state: "healthy", origin: made === undefined ? "found" : "ours" };
    },
    bring: async (step) => {
      const file = await archiveFile(settings);
      const isCached = await exists(file);
      if (!isCached) await makeArchive(settings, file, step);
      step.say("loading it into the engine");
      await load(file, step.signal);
      return isCached ? "loaded from the cache" : "made with debootstrap";
    },
  };
}

/** Whether the engine has it or the cache does, so that nothing is needed to make it. */
export async function isBaseImageAtHand(settings: Settings): Promise<boolean> {
  const labels = await imageLabels(AbortSignal.timeout(5_000)).catch(() => undefined);
  return labels !== undefined || exists(await archiveFile(settings));
}

const archiveFile = async ({ cache }: Settings): Promise<string> =>
  path.join(cache, "images", `debian-${SUITE}-slim-${process.arch}-${await recipeHash()}.tar`);

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** undefined: the engine has no such image. */
async function imageLabels(signal: AbortSignal): Promise<Readonly<Record<string, string>> | undefined> {
  const filters = encodeURIComponent(JSON.stringify({ reference: [BASE_IMAGE] }));
  const { body } = await callEngine(await engineAddress(), `/images/json?filters=${filters}`, { signal });
  const [image] = JSON.parse(body) as { Labels: Record<string, string> | null }[];
  return image && (image.Labels ?? {});
}

async function load(file: string, signal: AbortSignal): Promise<void> {
  const { body } = await callEngine(await engineAddress(), "/images/load?quiet=1", {
    method: "POST",
    headers: { "content-type": "application/x-tar" },
    body: createReadStream(file),
    signal,
  });
  const failure = /"error":\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  if (failure) throw new Error(`the engine refuses ${file}: ${JSON.parse(failure)}`);
}

function makeArchive(settings: Settings, file: string, step: Step): Promise<void> {
  return inWorkFolder(settings, async (work) => {
    const root = await makeDebianRoot(work, step);
    step.say("packing");
    const config = {
      Cmd: ["bash"],
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      Labels: { [LABEL]: await certificatesHash() },
    };
    await writeImageArchive(file, { root, work, reference: BASE_IMAGE, config, signal: step.signal });
  });
}
