import { spawnSync } from "node:child_process";

/** The integration tests run on the local stack: quick when it is up. */
export default function setup(): void {
  const { status } = spawnSync(process.execPath, ["tools/local/src/main.ts", "up"], { stdio: "inherit" });
  if (status !== 0) throw new Error("the local stack is not up; see the lines above");
}
