// Debian packages. One transaction for all that is missing: apt has one lock, and parts do not wait for each other.
import { existsSync } from "node:fs";
import { access, rm, writeFile } from "node:fs/promises";
import { PaiError } from "@pai/core";
import { whichCommand } from "./commands.ts";
import type { Part, Step } from "./parts.ts";
import { runCommand } from "./run-command.ts";

export interface Need {
  /** A command, or an absolute path, that shows that the package is not needed. */
  readonly command: string;
  readonly package: string;
  /** systemd units that the package brings. */
  readonly units?: readonly string[];
}

export function packagesPart(needs: () => Promise<readonly Need[]>): Part {
  const missing = async (): Promise<readonly Need[]> => {
    const all = await needs();
    const found = await Promise.all(all.map(({ command }) => isThere(command)));
    return all.filter((_, index) => !found[index]);
  };
  return {
    name: "packages",
    title: "Debian packages",
    needs: [],
    look: async () =>
      (await missing()).length === 0 ? { state: "healthy", origin: "found" } : { state: "stopped" },
    bring: async (step) => {
      const lacking = await missing();
      await requireApt(lacking);
      const packages = [...new Set(lacking.map((need) => need.package))];
      await install(packages, step);
      await disable(lacking.flatMap((need) => need.units ?? []));
      return `installed ${packages.join(", ")}`;
    },
  };
}

const isThere = async (command: string): Promise<boolean> =>
  command.startsWith("/")
    ? access(command).then(
        () => true,
        () => false,
      )
    : (await whichCommand(command)) !== undefined;

async function requireApt(lacking: readonly Need[]): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && (await whichCommand("apt-get"))) return;
  const commands = lacking.map((need) => need.command).join(", ");
  throw new PaiError(
    "LOCAL_STACK",
    `these programs are missing and cannot be installed ${isRoot ? "without apt" : "without root"}: ${commands}`,
    {
      hint: [
        "install them, or name parts that exist:",
        "  an engine      DOCKER_HOST=tcp://HOST:2375 (or a Docker context)",
        "  a registry     pai-local up --registry HOST:PORT",
        "  a cluster      pai-local up --kubeconfig FILE",
      ].join("\n"),
    },
  );
}

async function install(packages: readonly string[], { say, signal }: Step): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // In its own session: a Ctrl-C in the middle of dpkg would leave half-installed packages behind.
  const apt = async (args: readonly string[]): Promise<void> => {
    signal.throwIfAborted();
    await runCommand(["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", ...args], {
      env,
      detached: true,
      onLine: (line) => {
        const at = /^(Setting up|Unpacking) ([^\s:]+)/.exec(line);
        if (at) say(`${at[1]?.toLowerCase()} ${at[2]}`);
      },
    });
  };
  say("reading package lists");
  // A stale mirror entry must not stop an installation that the present lists can do.
  await apt(["update"]).catch(() => undefined);
  await runCommand(["dpkg", "--configure", "-a"], { env, detached: true });
  await withoutServices(() => apt(["install", "-y", "--no-install-recommends", ...packages]));
}

/** They would start with the machine, beside those of the stack. */
async function disable(units: readonly string[]): Promise<void> {
  if (units.length > 0 && existsSync("/run/systemd/system"))
    await runCommand(["systemctl", "disable", ...units]);
}

/** Keeps packages from starting the services that they bring: the stack starts its own, where it wants them. */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  const policy = "/usr/sbin/policy-rc.d";
  const isOurs = await writeFile(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755, flag: "wx" }).then(
    () => true,
    () => false,
  );
  try {
    await work();
  } finally {
    if (isOurs) await rm(policy, { force: true });
  }
}
