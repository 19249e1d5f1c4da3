import { spawnSync } from "node:child_process";
import path from "node:path";
import { localKubeconfig } from "./support/cluster.ts";
import { pushedConfigMaps, testClusterId } from "./support/pushed-configuration.ts";

/** The integration tests run on the local stack, never on another cluster that the caller's environment names. */
export default function setup(): void {
  const { KUBECONFIG: _, ...env } = process.env;
  const local = (command: string, stdio: "ignore" | "inherit"): number | null =>
    spawnSync(process.execPath, ["tools/local/src/main.ts", command], { stdio, env }).status;
  if (local("status", "ignore") !== 0 && local("up", "inherit") !== 0)
    throw new Error("the local stack is not up; see the lines above");
  removeLeftovers();
}

/** A run that was killed can leave the configuration that it had pushed: the trees of other tests are refused then. */
function removeLeftovers(): void {
  const program = path.join(path.dirname(localKubeconfig), "bin/kubectl");
  const kubectl = (...argv: string[]): string => {
    const all = ["--kubeconfig", localKubeconfig, "-n", "default", ...argv, "--ignore-not-found"];
    const { status, stdout, stderr } = spawnSync(program, all, { encoding: "utf8" });
    if (status !== 0) throw new Error(`kubectl ${argv.join(" ")}: ${stderr}`);
    return stdout;
  };
  const pushed = kubectl("get", "configmap", "pai-cluster-id", "-o", "json");
  if (pushed.includes(`"${testClusterId}"`)) kubectl("delete", "configmap", ...pushedConfigMaps);
}
