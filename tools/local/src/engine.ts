import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { endBox, makeBox, runInBox, type Box } from "./box.ts";
import {
  callEngine,
  DEFAULT_SOCKET,
  engineAddress,
  engineVersion,
  type EngineAddress,
} from "./engine-connection.ts";
import type { Look, Part } from "./parts.ts";
import { programPart } from "./programs.ts";
import type { Settings } from "./settings.ts";

/** The engine shares the machine's network but has its own mounts and processes. */
export const ENGINE_BOX: Box = { name: "engine-box", ownNetwork: false };

const DEFAULT_HOST = `unix://${DEFAULT_SOCKET}`;
/** Of the cache of builds: enough for the images of a large tree several times over. */
const CACHE_LIMIT = "20GB";
const atSocket: EngineAddress = { host: DEFAULT_HOST, from: "default" };

/** An engine named by the user, if there is a name; else what answers at the default socket; else one of our own. */
export function enginePart(settings: Settings): Part {
  const own = ownEngine(settings);
  const named = async (): Promise<EngineAddress | undefined> => {
    const address = await engineAddress();
    return address.host === DEFAULT_HOST ? undefined : address;
  };
  return {
    ...own,
    look: async (signal) => {
      const address = await named();
      return address ? lookAtNamed(address, signal) : own.look(signal);
    },
    isCurrent: async () => (await named()) !== undefined || ((await own.isCurrent?.()) ?? true),
    bring: async (step) => {
      const address = await named();
      if (!address) return own.bring(step);
      // It is the user's to start: another one beside it would be a surprise.
      const look = await lookAtNamed(address, step.signal);
      if (look.state === "healthy") return "found";
      throw new PaiError("ENGINE_UNREACHABLE", `reach the engine at ${address.host} (${address.from})`, {
        ...(look.state === "unhealthy" ? { cause: new Error(look.reason) } : {}),
        hint: "start it; or unset DOCKER_HOST, or docker context use default, to get one of the local stack",
      });
    },
  };
}

async function lookAtNamed(address: EngineAddress, signal: AbortSignal): Promise<Look> {
  try {
    const version = await engineVersion(address, signal);
    return { state: "healthy", origin: "found", version, address: address.host };
  } catch (error) {
    return { state: "unhealthy", reason: (error as Error).message };
  }
}

function ownEngine(settings: Settings): Part {
  const execRoot = path.join(settings.runtime, "docker");
  const pidFile = path.join(settings.runtime, "docker.pid");
  const configFile = path.join(settings.home, "engine.json");
  const program = programPart(settings, {
    name: "engine",
    title: "Docker engine",
    needs: ["packages"],
    address: DEFAULT_HOST,
    box: ENGINE_BOX,
    graceMs: 15_000,
    launch: async () => ({
      command: "dockerd",
      // Without a bridge and rules of its own it leaves nothing in the machine's network; builds use the machine's.
      args: [
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        `--data-root=${path.join(settings.home, "docker")}`,
        `--exec-root=${execRoot}`,
        `--pidfile=${pidFile}`,
        `--host=${DEFAULT_HOST}`,
        `--config-file=${configFile}`,
      ],
      // Without a limit the cache of the builds only grows, and each start reads the whole of it.
      files: {
        [configFile]: JSON.stringify({ builder: { gc: { enabled: true, defaultKeepStorage: CACHE_LIMIT } } }),
      },
    }),
    check: async (signal) => void (await engineVersion(atSocket, signal)),
    find: async (signal) => {
      const look = await lookAtNamed(atSocket, signal);
      return look.state === "healthy" ? look : undefined;
    },
    prepare: async (signal) => {
      // First: an engine of ours that is just ending may still take a connection and drop it.
      await endBox(settings, ENGINE_BOX);
      await requireNoListener();
      const leftovers = [pidFile, execRoot, DEFAULT_SOCKET];
      await Promise.all(leftovers.map((file) => rm(file, { recursive: true, force: true })));
      const init = await makeBox(settings, ENGINE_BOX, signal);
      // The engine would take a containerd that it finds there for its own; that one cannot see these mounts.
      if (existsSync("/run/containerd"))
        await runInBox(init, ENGINE_BOX, ["mount", "-t", "tmpfs", "tmpfs", "/run/containerd"]);
    },
  });
  return {
    ...program,
    look: async (signal) => {
      const look = await program.look(signal);
      if (look.state !== "healthy" || look.origin === "found") return look;
      return { ...look, version: await engineVersion(atSocket, signal) };
    },
  };
}

/** An engine that hangs is still somebody's: it must neither lose its socket nor get a second one beside it. */
async function requireNoListener(): Promise<void> {
  const code = await callEngine(atSocket, "/_ping", {
    signal: AbortSignal.timeout(2_000),
  }).then(
    () => "answered",
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  if (code === "ENOENT" || code === "ECONNREFUSED") return;
  throw new PaiError(
    "LOCAL_STACK",
    `start a Docker engine: something listens at ${DEFAULT_SOCKET} already (${code})`,
    {
      hint: "end it, or name the engine to use in DOCKER_HOST",
    },
  );
}
