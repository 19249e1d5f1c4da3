import { existsSync } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import { whichCommand } from "../commands.ts";
import type { Part } from "../parts.ts";
import { runCommand } from "../run-command.ts";
import { kubeconfigPath, type Settings } from "../settings.ts";

/** A cluster of the user's, named by `--kubeconfig`: it only has to answer. */
export function clusterPart(settings: Settings): Part {
  const file = kubeconfigPath(settings);
  const ask = async (signal: AbortSignal): Promise<string> => {
    if (!file.includes(":") && !existsSync(file)) throw new Error(`there is no file ${file}`);
    const kubectl = (await whichCommand("kubectl")) ?? path.join(settings.home, "bin/kubectl");
    const json = await runCommand(
      [kubectl, "--request-timeout=10s", "get", "--raw", "/version"],
      // As a variable it may name several files.
      { signal, env: { ...process.env, KUBECONFIG: file } },
    );
    return (JSON.parse(json) as { gitVersion: string }).gitVersion.replace(/^v/, "");
  };
  return {
    name: "cluster",
    title: "Kubernetes",
    needs: [],
    look: async (signal) => {
      try {
        return { state: "healthy", origin: "found", version: await ask(signal), address: file };
      } catch (error) {
        return { state: "unhealthy", reason: (error as Error).message };
      }
    },
    bring: async ({ signal }) => {
      await ask(signal).catch((cause: unknown) => {
        throw new PaiError("LOCAL_STACK", `reach the cluster of ${file}`, {
          cause,
          hint: "leave out --kubeconfig to get a cluster of the local stack",
        });
      });
      return "found";
    },
  };
}
