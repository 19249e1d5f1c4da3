import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { callEngine, engineAddress } from "./engine-connection.ts";
import { writeImageArchive } from "./image-archive.ts";
import type { Part, Step } from "./parts.ts";
import { runCommand } from "./run-command.ts";
import type { Settings } from "./settings.ts";

export const BASE_IMAGE = "debian:bookworm-slim";
const SUITE = "bookworm";
/** Tells which certificates of the machine the image was made with. */
const LABEL = "dev.pai.local.certificates";
const certificateFolder = "/usr/local/share/ca-certificates";

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
        return { state: "unhealthy", reason: "it was made with other certificates than the machine has now" };
      return { state: "healthy", origin: made === undefined ? "found" : "ours" };
    },
    bring: async (step) => {
      const hash = await certificatesHash();
      const file = path.join(settings.cache, "images", `debian-${SUITE}-slim-${process.arch}-${hash}.tar`);
      const isCached = await access(file).then(
        () => true,
        () => false,
      );
      if (!isCached) await makeArchive({ file, hash, cache: settings.cache, step });
      step.say("loading it into the engine");
      await load(file, step.signal);
      return isCached ? "loaded from the cache" : "made with debootstrap";
    },
  };
}

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

async function extraCertificates(): Promise<string[]> {
  const files = await readdir(certificateFolder).catch(() => []);
  return files.filter((file) => file.endsWith(".crt")).toSorted();
}

async function certificatesHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of await extraCertificates())
    hash.update(file).update(await readFile(path.join(certificateFolder, file)));
  return hash.digest("hex").slice(0, 12);
}

async function makeArchive(options: {
  file: string;
  hash: string;
  cache: string;
  step: Step;
}): Promise<void> {
  const { file, hash, cache, step } = options;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(path.join(cache, "debootstrap-"));
  const root = path.join(work, "root");
  try {
    await runCommand(["debootstrap", "--variant=minbase", SUITE, root], {
      signal: step.signal,
      onLine: (line) => {
        const at = /^I: (Retrieving|Validating|Extracting|Unpacking|Configuring) (\S+?)\.*$/.exec(line);
        if (at) step.say(`${at[1]?.toLowerCase()} ${at[2]}`);
      },
    });
    await slim(root);
    await addCertificates(root);
    step.say("packing");
    const config = {
      Cmd: ["bash"],
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      Labels: { [LABEL]: hash },
    };
    await writeImageArchive(file, { root, reference: BASE_IMAGE, config, signal: step.signal });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Documents and package archives are of no use in an image, and dpkg is told so for what is installed later. */
async function slim(root: string): Promise<void> {
  // Folders stay: packages that make links in them (Java) fail without. Licences stay too.
  const documents = ["usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale"];
  const archives = ["var/cache/apt", "var/lib/apt/lists", "var/log"];
  const folders = [...documents, ...archives].map((folder) => path.join(root, folder));
  await runCommand(["find", ...folders, "-not", "-type", "d", "-not", "-name", "copyright", "-delete"]);
  const excluded = documents.map((folder) => `path-exclude /${folder}/*\n`).join("");
  await writeFile(
    path.join(root, "etc/dpkg/dpkg.cfg.d/slim"),
    `${excluded}path-include /usr/share/doc/*/copyright\n`,
  );
  await rm(path.join(root, "etc/resolv.conf"), { force: true });
}

/** Where `update-ca-certificates` finds them once ca-certificates is installed in an image on top. */
async function addCertificates(root: string): Promise<void> {
  const folder = path.join(root, certificateFolder);
  await mkdir(folder, { recursive: true });
  for (const file of await extraCertificates())
    await copyFile(path.join(certificateFolder, file), path.join(folder, file));
}
