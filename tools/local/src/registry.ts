import path from "node:path";
import { runCommand } from "./run-command.ts";
import { PaiError } from "@pai/core";
import { call } from "./http.ts";
import type { Look, Part } from "./parts.ts";
import { programPart } from "./programs.ts";
import { REGISTRY_ADDRESS, type Settings } from "./settings.ts";

export const registryAddress = ({ registry }: Settings): string => registry ?? REGISTRY_ADDRESS;

export function registryPart(settings: Settings): Part {
  const address = registryAddress(settings);
  const configFile = path.join(settings.home, "registry.yml");
  const program = programPart(settings, {
    name: "registry",
    title: "registry",
    needs: ["packages"],
    address,
    graceMs: 5_000,
    launch: async () => ({
      command: "docker-registry",
      args: ["serve", configFile],
      env: { OTEL_TRACES_EXPORTER: "none" },
      files: { [configFile]: configuration(settings) },
      version: await runCommand(["docker-registry", "--version"]).then(
        (line) => /\d+\.\d+\.\d+/.exec(line)?.[0] ?? "",
      ),
    }),
    check: (signal) => answers(address, signal),
    find: (signal) => findRegistry(address, signal),
  });
  if (!settings.registry) return program;
  return {
    ...program,
    needs: [],
    look: async (signal) => (await findRegistry(address, signal)) ?? { state: "stopped" },
    bring: async ({ signal }) => {
      await answers(address, signal).catch((cause: unknown) => {
        throw new PaiError("REGISTRY_UNREACHABLE", `reach the registry ${address}`, {
          cause,
          hint: "leave out --registry to get one of the local stack",
        });
      });
      return "found";
    },
  };
}

async function findRegistry(address: string, signal: AbortSignal): Promise<Look | undefined> {
  return answers(address, AbortSignal.any([signal, AbortSignal.timeout(5_000)])).then(
    () => ({ state: "healthy", origin: "found", address }) as const,
    () => undefined,
  );
}

/** 401 is a registry too, one that wants credentials. */
async function answers(address: string, signal: AbortSignal): Promise<void> {
  const isLoopback = /^(127\.|localhost(:|$)|\[::1\])/.test(address);
  const { status, headers } = await call(`${isLoopback ? "http" : "https"}://${address}/v2/`, { signal });
  const isRegistry = headers["docker-distribution-api-version"] !== undefined || status === 200;
  if (!isRegistry || (status !== 200 && status !== 401))
    throw new Error(`${address} answers ${status}, which is not a registry`);
}

const configuration = ({ home }: Settings): string => `version: 0.1
storage:
  filesystem:
    rootdirectory: ${path.join(home, "registry")}
  delete:
    enabled: true
http:
  addr: ${REGISTRY_ADDRESS}
`;
