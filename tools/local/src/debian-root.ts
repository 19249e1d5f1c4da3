import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Step } from "./parts.ts";
import { runCommand } from "./run-command.ts";

export const SUITE = "bookworm";
const certificateFolder = "/usr/local/share/ca-certificates";

/** Changes when the machine's own certificate authorities do. */
export async function certificatesHash(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of await extraCertificates())
    hash.update(file).update(await readFile(path.join(certificateFolder, file)));
  return hash.digest("hex").slice(0, 12);
}

/** Changes when anything does that the machine adds to the root file system. */
export async function recipeHash(): Promise<string> {
  const sources = (await packageSources()).join("\n");
  return createHash("sha256")
    .update(`${await certificatesHash()}\n${sources}`)
    .digest("hex")
    .slice(0, 12);
}

/** A small Debian with the machine's package sources and its own certificate authorities. */
export async function makeDebianRoot(work: string, { say, signal }: Step): Promise<string> {
  const root = path.join(work, "root");
  const sources = await packageSources();
  const mirror = sources[0]?.split(" ")[1] ?? "";
  // In namespaces of its own: what it mounts is gone when it is, also after an interruption.
  const alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child"];
  await runCommand([...alone, "debootstrap", "--variant=minbase", SUITE, root, mirror], {
    signal,
    onLine: (line) => {
      const at = /^I: (Retrieving|Validating|Extracting|Unpacking|Configuring) (\S+?)\.*$/.exec(line);
      if (at) say(`${at[1]?.toLowerCase()} ${at[2]}`);
    },
  });
  await writeFile(path.join(root, "etc/apt/sources.list"), `${sources.join("\n")}\n`);
  await slim(root);
  await addCertificates(root);
  return root;
}

/** Documents and package archives are of no use in an image, and dpkg is told so for what is installed later. */
async function slim(root: string): Promise<void> {
  // Folders stay: packages that make links in them (Java) fail without. Licences stay too.
  const documents = ["usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale"];
  const archives = ["var/cache/apt", "var/lib/apt/lists", "var/log"];
  const folders = [...documents, ...archives].map((folder) => path.join(root, folder));
  await runCommand(["find", ...folders, "-not", "-type", "d", "-not", "-name", "copyright", "-delete"]);
  const excluded = documents.map((folder) => `path-exclude /${folder}/*\n`).join("");
  const kept = "path-include /usr/share/doc/*/copyright\n";
  await writeFile(path.join(root, "etc/dpkg/dpkg.cfg.d/slim"), `${excluded}${kept}`);
  await rm(path.join(root, "etc/resolv.conf"), { force: true });
}

/** Where `update-ca-certificates` finds them once ca-certificates is installed in an image on top. */
async function addCertificates(root: string): Promise<void> {
  const folder = path.join(root, certificateFolder);
  await mkdir(folder, { recursive: true });
  for (const file of await extraCertificates())
    await copyFile(path.join(certificateFolder, file), path.join(folder, file));
}

async function extraCertificates(): Promise<string[]> {
  const files = await readdir(certificateFolder).catch(() => []);
  return files.filter((file) => file.endsWith(".crt")).toSorted();
}

/** Those of the machine where it is the same Debian, as it may have a mirror; else Debian's own. */
async function packageSources(): Promise<readonly string[]> {
  const argv = [
    "apt-get",
    "indextargets",
    "--format",
    "$(REPO_URI) $(RELEASE) $(COMPONENT)",
    "Created-By: Packages",
  ];
  const lines = (await runCommand(argv).catch(() => "")).split("\n");
  const wanted = [SUITE, `${SUITE}-updates`, `${SUITE}-security`];
  const sources = wanted.flatMap((suite) => {
    const line = lines.find((each) => each.endsWith(` ${suite} main`));
    return line ? [`deb ${line}`] : [];
  });
  return sources[0]?.includes(` ${SUITE} `) ? sources : debianSources;
}

const debianSources: readonly string[] = [
  `deb http://deb.debian.org/debian/ ${SUITE} main`,
  `deb http://deb.debian.org/debian/ ${SUITE}-updates main`,
  `deb http://deb.debian.org/debian-security/ ${SUITE}-security main`,
];
