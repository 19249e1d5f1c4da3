import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { PaiError } from "@pai/core";
import { call, type Answer, type Call } from "./http.ts";

export const DEFAULT_SOCKET = "/var/run/docker.sock";

/** Where an engine is: `DOCKER_HOST`, the current Docker context, or the default socket. */
export interface EngineAddress {
  readonly host: string;
  readonly from: "DOCKER_HOST" | "context" | "default";
  readonly tls?: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };
}

export async function engineAddress(env: NodeJS.ProcessEnv = process.env): Promise<EngineAddress> {
  const configFolder = env["DOCKER_CONFIG"] ?? path.join(homedir(), ".docker");
  if (env["DOCKER_HOST"]) {
    const folder = env["DOCKER_CERT_PATH"] ?? configFolder;
    return {
      host: env["DOCKER_HOST"],
      from: "DOCKER_HOST",
      ...(env["DOCKER_TLS_VERIFY"] ? { tls: await readTls(folder) } : {}),
    };
  }
  const name = env["DOCKER_CONTEXT"] ?? (await currentContext(configFolder));
  if (!name || name === "default") return { host: `unix://${DEFAULT_SOCKET}`, from: "default" };
  const id = createHash("sha256").update(name).digest("hex");
  const meta = await readJson(path.join(configFolder, "contexts", "meta", id, "meta.json"));
  const host = (meta as { Endpoints?: { docker?: { Host?: string } } } | undefined)?.Endpoints?.docker?.Host;
  if (!host)
    throw new PaiError(
      "LOCAL_STACK",
      `read the Docker context "${name}" under ${configFolder}: it names no engine`,
      { hint: "choose another one: docker context use NAME" },
    );
  const tls = await readTls(path.join(configFolder, "contexts", "tls", id, "docker")).catch(() => undefined);
  return { host, from: "context", ...(tls ? { tls } : {}) };
}

/** A call to the engine's HTTP interface; a status of 400 or more is an error with the engine's own words. */
export async function callEngine(address: EngineAddress, target: string, options: Call): Promise<Answer> {
  const { protocol, host } = new URL(address.host);
  if (protocol !== "unix:" && protocol !== "tcp:" && protocol !== "http:" && protocol !== "https:")
    throw new PaiError(
      "LOCAL_STACK",
      `reach the engine at ${address.host}: only unix:// and tcp:// are understood`,
      {
        hint: "for ssh, forward the socket first: ssh -L /tmp/docker.sock:/var/run/docker.sock HOST, then DOCKER_HOST=unix:///tmp/docker.sock",
      },
    );
  const answer =
    protocol === "unix:"
      ? await call(`http://engine${target}`, { ...options, socketPath: address.host.slice("unix://".length) })
      : await call(`${address.tls || protocol === "https:" ? "https" : "http"}://${host}${target}`, {
          ...options,
          ...(address.tls ? { tls: address.tls } : {}),
        });
  if (answer.status >= 400) throw new Error(`${answer.status}: ${messageOf(answer.body)}`);
  return answer;
}

export async function engineVersion(address: EngineAddress, signal: AbortSignal): Promise<string> {
  const answer = await callEngine(address, "/version", {
    signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
  });
  const { Version: version } = JSON.parse(answer.body) as { Version: string };
  return version.replace(/\+.*$/, "");
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body;
  }
}

async function currentContext(folder: string): Promise<string | undefined> {
  const config = await readJson(path.join(folder, "config.json"));
  return (config as { currentContext?: string } | undefined)?.currentContext;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

async function readTls(folder: string): Promise<NonNullable<EngineAddress["tls"]>> {
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "cert.pem", "key.pem"].map((file) => readFile(path.join(folder, file))),
  );
  if (!ca || !cert || !key) throw new Error("unreachable");
  return { ca, cert, key };
}
