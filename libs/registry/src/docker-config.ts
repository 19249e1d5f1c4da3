// The Docker client's config.json, as far as it holds credentials.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { PaiError } from "@pai/core";

export interface DockerConfig {
  readonly auths: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credHelpers: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`. */
export function dockerConfigFile(): string {
  return path.join(process.env["DOCKER_CONFIG"] ?? path.join(homedir(), ".docker"), "config.json");
}

/** Nothing is known when there is none. */
export async function readDockerConfig(): Promise<DockerConfig> {
  const file = dockerConfigFile();
  try {
    return parseDockerConfig(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return parseDockerConfig("{}");
    // The parser's message would quote the text around the mistake, which may be a password.
    const cause = error instanceof SyntaxError ? new Error("it is not JSON") : error;
    throw new PaiError("CONFIG_INVALID", `read registry credentials from ${file}`, { cause });
  }
}

function parseDockerConfig(text: string): DockerConfig {
  const { auths = {}, credHelpers = {}, credsStore } = JSON.parse(text) as Partial<DockerConfig>;
  return { auths, credHelpers, ...(credsStore ? { credsStore } : {}) };
}
