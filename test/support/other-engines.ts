// Engines of other makes, each with its data, its settings and its socket in a folder of its own.
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chown, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { answers, endProcesses, unmountBelow } from "./engine.ts";
import { installPackages } from "./packages.ts";

const run = promisify(execFile);

export interface OtherEngine {
  /** `unix:///…`, for --engine. */
  readonly address: string;
  readonly remove: () => Promise<void>;
}

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Podman's service, as root or as somebody else. It takes `registry` without TLS. */
export async function startPodman(options: {
  readonly registry: string;
  readonly rootless: boolean;
}): Promise<OtherEngine> {
  const units = ["podman.socket", "podman-restart.service", "podman-auto-update.timer"];
  await installPackages([
    { command: "podman", package: "podman", units },
    { command: "newuidmap", package: "uidmap" },
  ]);
  return start({
    name: "podman",
    rootless: options.rootless,
    files: {
      "registries.conf": `[[registry]]\nlocation = "${options.registry}"\ninsecure = true\n`,
      // Locks in shared memory would be those of any other Podman of the machine.
      "containers.conf":
        '[engine]\nlock_type = "file"\nevents_logger = "none"\ncgroup_manager = "cgroupfs"\n',
    },
    argv: (file) => [
      "podman",
      `--root=${file("data")}`,
      `--runroot=${file("run")}`,
      `--tmpdir=${file("tmp")}`,
      "--storage-driver=vfs",
      "system",
      "service",
      "--time=0",
      `unix://${file("sock")}`,
    ],
    env: (file) => ({
      CONTAINERS_CONF: file("containers.conf"),
      CONTAINERS_REGISTRIES_CONF: file("registries.conf"),
    }),
  });
}

/** Docker's engine as somebody who is not root, on the machine's network. */
export async function startRootlessDocker(): Promise<OtherEngine> {
  await installPackages([
    { command: "newuidmap", package: "uidmap" },
    { command: "rootlesskit", package: "rootlesskit" },
  ]);
  return start({
    name: "docker",
    rootless: true,
    files: {},
    argv: (file) => [
      "rootlesskit",
      `--state-dir=${file("rootlesskit")}`,
      "--net=host",
      "--copy-up=/etc",
      "--copy-up=/run",
      "sh",
      "-c",
      // The links to the machine's own, which it may not use.
      'rm -f /run/docker /run/containerd; exec "$@"',
      "sh",
      "dockerd",
      "--rootless",
      "--bridge=none",
      "--iptables=false",
      "--ip6tables=false",
      "--storage-driver=vfs",
      `--data-root=${file("data")}`,
      `--exec-root=${file("exec")}`,
      `--pidfile=${file("pid")}`,
      `--host=unix://${file("sock")}`,
    ],
    env: () => ({}),
  });
}

interface Program {
  readonly name: string;
  readonly rootless: boolean;
  readonly files: Readonly<Record<string, string>>;
  readonly argv: (file: (name: string) => string) => readonly [string, ...string[]];
  readonly env: (file: (name: string) => string) => Readonly<Record<string, string>>;
}

async function start(program: Program): Promise<OtherEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), `pai-${program.name}-`));
  const file = (name: string): string => path.join(folder, name);
  let account: Account | undefined;
  const remove = async (): Promise<void> => {
    await endProcesses(folder);
    if (account) await endProcessesOf(account);
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
    // By force: what has just been killed may count for a moment still.
    if (account) await run("userdel", ["--force", account.name]);
  };
  try {
    account = program.rootless ? await addAccount() : undefined;
    for (const [name, text] of Object.entries(program.files)) await writeFile(file(name), text);
    await mkdir(file("home"));
    for (const owned of account ? [folder, file("home")] : []) await chown(owned, account!.uid, account!.gid);
    const log = await open(file("log"), "w");
    const [command, ...args] = program.argv(file);
    const child = spawn(command, args, {
      cwd: folder,
      stdio: ["ignore", log.fd, log.fd],
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
      env: {
        PATH: process.env["PATH"],
        HOME: file("home"),
        USER: account?.name ?? "root",
        XDG_RUNTIME_DIR: folder,
        ...program.env(file),
      },
    });
    const spawned = once(child, "spawn");
    await log.close();
    await spawned;
    for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
      if (await answers(file("sock"))) return { address: `unix://${file("sock")}`, remove };
      await sleep(100);
    }
    throw new Error(`${command} does not answer: ${await readFile(file("log"), "utf8")}`);
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Podman keeps a process that names nothing of the folder. */
async function endProcessesOf({ uid }: Account): Promise<void> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const owner = await stat(`/proc/${entry}`).catch(() => undefined);
    if (owner?.uid !== uid) continue;
    try {
      process.kill(Number(entry), "SIGKILL");
    } catch {
      // It has ended since.
    }
  }
}

/** Somebody with user ids below their own, as rootless engines need them. */
async function addAccount(): Promise<Account> {
  const name = `pai${randomBytes(4).toString("hex")}`;
  await run("useradd", ["--no-create-home", "--shell", "/usr/sbin/nologin", name]);
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, name])).stdout)),
  );
  return { name, uid: uid ?? 0, gid: gid ?? 0 };
}
