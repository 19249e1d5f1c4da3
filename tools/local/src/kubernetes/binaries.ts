import { createHash } from "node:crypto";
import { access, mkdir, readFile, readlink, rename, symlink } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { moduleFolder } from "../module-folder.ts";
import type { Part, Step } from "../parts.ts";
import { inWorkFolder, type Settings } from "../settings.ts";
import { buildFromSource } from "./build-from-source.ts";
import { downloadRelease, releaseAnswers } from "./download-release.ts";

const PROGRAMS = [
  "kubectl",
  "kubelet",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
] as const;

export async function kubernetesVersion(): Promise<string> {
  const text = await readFile(path.join(moduleFolder, "go.mod"), "utf8");
  const version = /^\s*k8s\.io\/kubernetes v(\S+)$/m.exec(text)?.[1];
  if (!version) throw new Error("go.mod does not require k8s.io/kubernetes");
  return version;
}

/** Finds or makes the programs, and links them under `<home>/bin`. */
export function binariesPart(settings: Settings): Part {
  const links = path.join(settings.home, "bin");
  const current = async (): Promise<Sources | undefined> => {
    const folders = await candidates(settings);
    for (const folder of folders) {
      const targets = await targetsIn(folder);
      if (targets) return targets;
    }
    return undefined;
  };
  return {
    name: "kubernetes",
    title: "Kubernetes",
    needs: [],
    look: async () => {
      const targets = await current();
      if (!targets || !(await areLinked(links, targets))) return { state: "stopped" };
      return { state: "healthy", origin: "found", version: await kubernetesVersion() };
    },
    bring: async (step) => {
      if (settings.kubernetesBinaries) await requireAll(settings.kubernetesBinaries);
      const before = await current();
      const done = before ? "in the cache" : await make(settings, step);
      const targets = before ?? (await current());
      if (!targets) throw new Error(`no programs in ${settings.cache} after they were made`);
      await link(links, targets);
      return settings.kubernetesBinaries ? `of ${settings.kubernetesBinaries}` : done;
    },
  };
}

type Sources = Readonly<Record<string, string>>;

async function candidates(settings: Settings): Promise<string[]> {
  if (settings.kubernetesBinaries) return [path.resolve(settings.kubernetesBinaries)];
  return [await releaseFolder(settings), await builtFolder(settings)];
}

const releaseFolder = async ({ cache }: Settings): Promise<string> =>
  path.join(cache, "kubernetes", `${await kubernetesVersion()}-release`);

async function builtFolder({ cache }: Settings): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "main.go"])
    hash.update(await readFile(path.join(moduleFolder, file)));
  return path.join(cache, "kubernetes", `${await kubernetesVersion()}-${hash.digest("hex").slice(0, 12)}`);
}

/** Each program's file: one of its name, or the one that is all of them. */
async function targetsIn(folder: string): Promise<Sources | undefined> {
  const isThere = (file: string): Promise<boolean> =>
    access(file).then(
      () => true,
      () => false,
    );
  const whole = path.join(folder, "kubernetes");
  if (await isThere(whole)) return Object.fromEntries(PROGRAMS.map((name) => [name, whole]));
  const files = PROGRAMS.map((name) => path.join(folder, name));
  const found = await Promise.all(files.map(isThere));
  if (!found.every(Boolean)) return undefined;
  return Object.fromEntries(PROGRAMS.map((name, index) => [name, files[index] ?? ""]));
}

async function requireAll(folder: string): Promise<void> {
  if (await targetsIn(path.resolve(folder))) return;
  throw new PaiError("LOCAL_STACK", `take Kubernetes from ${folder}: not all of its programs are there`, {
    hint: `the folder needs ${PROGRAMS.join(", ")} for ${process.platform}/${process.arch}`,
  });
}

async function make(settings: Settings, step: Step): Promise<string> {
  const version = await kubernetesVersion();
  step.say("looking for the official release");
  if (await releaseAnswers(version, step.signal)) {
    const folder = await releaseFolder(settings);
    await inWorkFolder(settings, (work) =>
      downloadRelease({ version, programs: PROGRAMS, folder, work, step }),
    );
    return "downloaded";
  }
  const file = path.join(await builtFolder(settings), "kubernetes");
  await inWorkFolder(settings, (work) => buildFromSource({ version, moduleFolder, file, work, step }));
  return "built from source";
}

async function areLinked(links: string, targets: Sources): Promise<boolean> {
  for (const [name, target] of Object.entries(targets))
    if ((await readlink(path.join(links, name)).catch(() => "")) !== target) return false;
  return true;
}

async function link(links: string, targets: Sources): Promise<void> {
  await mkdir(links, { recursive: true });
  for (const [name, target] of Object.entries(targets)) {
    const fresh = path.join(links, `.${name}.new`);
    await symlink(target, fresh);
    await rename(fresh, path.join(links, name));
  }
}
