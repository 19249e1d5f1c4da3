import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { endBox, makeBox, runInBox, type Box } from "./box.ts";
import { callEngine, DEFAULT_SOCKET, engineAddress, engineVersion } from "./engine-connection.ts";
import type { Part } from "./parts.ts";
import { programPart } from "./programs.ts";
import type { Settings } from "./settings.ts";

/** The engine shares the machine's network but has its own mounts and processes. */
export const ENGINE_BOX: Box = { name: "engine-box", ownNetwork: false };

export function enginePart(settings: Settings): Part {
  const execRoot = path.join(settings.runtime, "docker");
  const pidFile = path.join(settings.runtime, "docker.pid");
  const program = programPart(settings, {
    name: "engine",
    title: "Docker engine",
    needs: ["packages"],
    address: `unix://${DEFAULT_SOCKET}`,
    box: ENGINE_BOX,
    graceMs: 15_000,
    readyWithinMs: 60_000,
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
        `--host=unix://${DEFAULT_SOCKET}`,
      ],
    }),
    check: async (signal) => {
      await engineVersion({ host: `unix://${DEFAULT_SOCKET}`, from: "default" }, signal);
    },
    find: async (signal) => {
      const address = await engineAddress();
      try {
        const version = await engineVersion(address, signal);
        return { state: "healthy", origin: "found", version, address: address.host };
      } catch (error) {
        if (address.from === "default") return undefined;
        // A named engine that does not answer is the user's to start: another one beside it would be a surprise.
        return {
          state: "unhealthy",
          reason: `${address.host} (${address.from}): ${(error as Error).message}`,
        };
      }
    },
    prepare: async (signal) => {
      await requireNoListener();
      await endBox(settings, ENGINE_BOX);
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
      const state = await program.look(signal);
      if (state.state !== "healthy" || state.origin === "found") return state;
      return { ...state, version: await engineVersion(await engineAddress(), signal) };
    },
    bring: async (step) => {
      const state = await program.look(step.signal);
      const { host, from } = await engineAddress();
      if (from !== "default" && state.state === "unhealthy")
        throw new PaiError("LOCAL_STACK", `reach the engine at ${host} (${from})`, {
          cause: new Error(state.reason),
          hint: "start it, or unset DOCKER_HOST / docker context use default to get one of the local stack",
        });
      return program.bring(step);
    },
  };
}

/** An engine that hangs is still somebody's: it must neither lose its socket nor get a second one beside it. */
async function requireNoListener(): Promise<void> {
  const code = await callEngine({ host: `unix://${DEFAULT_SOCKET}`, from: "default" }, "/_ping", {
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
