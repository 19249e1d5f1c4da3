import { spawnSync } from "node:child_process";

/** The integration tests run on the local stack, never on another cluster that the caller's environment names. */
export default function setup(): void {
  const { KUBECONFIG: _, ...env } = process.env;
  const local = (command: string, stdio: "ignore" | "inherit"): number | null =>
    spawnSync(process.execPath, ["tools/local/src/main.ts", command], { stdio, env }).status;
  if (local("status", "ignore") === 0) return;
  if (local("up", "inherit") !== 0) throw new Error("the local stack is not up; see the lines above");
}
