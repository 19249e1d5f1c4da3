// Which kubectl the scripts of services get.
import { access, constants } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { localHome } from "@pai/kubernetes";
import { runTool } from "@pai/scripts";

type Environment = Readonly<Record<string, string | undefined>>;

let chosen: Promise<string> | undefined;

/**
 * The first kubectl on PATH; the local stack's where there is none, or only one from before 1.34, whose `apply`
 * reads the server's whole OpenAPI document for each object. Found once. Throws CONFIG_INVALID when there is none.
 */
export function findKubectl(env: Environment, signal: AbortSignal): Promise<string> {
  chosen ??= choose(env, signal).catch((error: unknown) => {
    chosen = undefined;
    throw error;
  });
  return chosen;
}

async function choose(env: Environment, signal: AbortSignal): Promise<string> {
  const onPath = await firstIn((env["PATH"] ?? "").split(path.delimiter));
  const local = await firstIn([path.join(localHome(env), "bin")]);
  const found = onPath && local && (await isSlow(onPath, signal)) ? local : (onPath ?? local);
  if (found !== undefined) return found;
  throw new PaiError("CONFIG_INVALID", "kubectl is not on PATH, and the scripts of services need it", {
    hint: "pai-local up brings one",
  });
}

async function firstIn(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders.filter((each) => each !== "")) {
    const file = path.join(folder, "kubectl");
    const isExecutable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isExecutable) return file;
  }
  return undefined;
}

async function isSlow(file: string, signal: AbortSignal): Promise<boolean> {
  const args = ["version", "--client", "--output=json"];
  const { stdout } = await runTool({ file, args, cwd: process.cwd(), signal });
  const [, major = "0", minor = "0"] = /"gitVersion":\s*"v(\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) === 1 && Number(minor) < 34;
}
