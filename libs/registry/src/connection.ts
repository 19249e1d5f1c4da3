// HTTP with one registry: scheme, certificates, proxies, redirects. Node's own client and not fetch: it takes a
// certificate authority and the proxy variables without a library that takes 0.2 s to load.
import type Http from "node:http";
import type Https from "node:https";
import type Tls from "node:tls";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { isLoopback } from "./registry-host.ts";
import { readTrust } from "./trust.ts";

// An import statement would read all that node:http exports, and with that load fetch: 0.1 s that nobody needs.
const http = process.getBuiltinModule("node:http");
const loadHttps = (): typeof Https => process.getBuiltinModule("node:https");

/** How a registry is reached, where that is not plain https with a well-known certificate. */
export interface RegistryAccess {
  /** Authorities to trust besides those of the machine, as PEM. */
  readonly ca?: string;
  /** https with any certificate, or http. */
  readonly insecure?: boolean;
}

export interface HttpRequest {
  readonly method: "HEAD" | "GET" | "PUT" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable;
  /** How long the other side may say nothing. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** To be read or discarded, or its connection is not used again. */
  readonly body: Readable;
}

export type Exchange = (request: HttpRequest) => Promise<Answer>;

export interface Connection {
  /** `https://host:port`, found out at the first call where it is not known. */
  readonly root: (signal: AbortSignal) => Promise<string>;
  readonly exchange: Exchange;
}

const maximumRedirects = 5;
/** Looks at hundreds of tags share them. Four images with four layers each, read and sent, need half of them. */
const connectionsAtOnce = 64;
const probeSilenceMs = 10_000;

export function openConnection(host: string, access: RegistryAccess): Connection {
  const server = host === "docker.io" ? "registry-1.docker.io" : host;
  let agents: Promise<AgentOf> | undefined;
  const exchange: Exchange = async (request) => follow(request, await (agents ??= openAgents(host, access)));

  const findRoot = async (signal: AbortSignal): Promise<string> => {
    const schemes = await schemesOf(host, access);
    for (const scheme of schemes.slice(0, -1)) {
      const url = new URL(`${scheme}://${server}/v2/`);
      const request = { method: "GET", url, headers: {}, silenceMs: probeSilenceMs, signal } as const;
      const answer = await exchange(request).catch(() => undefined);
      answer?.body.resume();
      if (answer) return `${scheme}://${server}`;
    }
    return `${schemes.at(-1)}://${server}`;
  };
  // Hundreds of looks begin together: the first finds out for all of them.
  let known: Promise<string> | undefined;
  return { root: (signal) => (known ??= findRoot(signal)), exchange };
}

/** In the order of trying, as Docker has it; all but the last are tried with a request. */
async function schemesOf(host: string, access: RegistryAccess): Promise<readonly string[]> {
  if (access.insecure) return ["https", "http"];
  if (!isLoopback(host) || access.ca !== undefined) return ["https"];
  return (await readTrust(host, access.ca)).hasOwn ? ["https"] : ["http"];
}

type AgentOf = (url: URL) => Http.Agent;

async function openAgents(host: string, access: RegistryAccess): Promise<AgentOf> {
  const { openContext } = await readTrust(host, access.ca);
  let context: Tls.SecureContext | undefined;
  const open = (isSecure: boolean, options: Http.AgentOptions): Http.Agent => {
    if (!isSecure) return new http.Agent(options);
    // An agent that is given the certificates reads all of them anew for each connection: 0.05 s.
    context ??= openContext();
    const rejectUnauthorized = access.insecure !== true;
    return new (loadHttps().Agent)({ ...options, secureContext: context, rejectUnauthorized });
  };
  const agents = new Map<string, Http.Agent>();
  return (url) => {
    const isSecure = url.protocol === "https:";
    // This machine is not behind its proxy, whatever NO_PROXY says.
    const isProxied = !isLoopback(url.host);
    const key = `${isSecure} ${isProxied}`;
    const agent =
      agents.get(key) ??
      open(isSecure, {
        keepAlive: true,
        maxSockets: connectionsAtOnce,
        ...(isProxied ? { proxyEnv: process.env } : {}),
      });
    agents.set(key, agent);
    return agent;
  };
}

async function follow(request: HttpRequest, agentOf: AgentOf): Promise<Answer> {
  let current = request;
  for (let redirects = 0; ; redirects++) {
    const answer = await send(current, agentOf);
    const location = answer.header("location");
    const isRedirect = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined;
    if (!isRedirect || redirects >= maximumRedirects || !["GET", "HEAD"].includes(current.method))
      return answer;
    answer.body.resume();
    const url = new URL(location, current.url);
    const { authorization: _, ...others } = current.headers;
    // Layers are often kept with a storage service, which has no business with the registry's credentials.
    current = { ...current, url, headers: url.host === current.url.host ? current.headers : others };
  }
}

async function send(
  { method, url, headers, body, silenceMs, signal }: HttpRequest,
  agentOf: AgentOf,
): Promise<Answer> {
  const secure = url.protocol === "https:";
  const options = { method, headers, signal, agent: agentOf(url) };
  const request = secure ? loadHttps().request(url, options) : http.request(url, options);
  request.setTimeout(silenceMs, () =>
    request.destroy(new Error(`no answer within ${Math.round(silenceMs / 1000)} s`)),
  );
  const answered = new Promise<Answer>((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response) =>
      resolve({
        status: response.statusCode ?? 0,
        header: (name) => [response.headers[name] ?? []].flat()[0],
        body: response,
      }),
    );
  });
  if (!(body instanceof Readable)) {
    request.end(body);
    return answered;
  }
  // An early refusal ends the sending; what the registry answered says more than the broken pipe.
  const sent = pipeline(body, request).then(() => answered);
  sent.catch(() => undefined);
  return Promise.race([answered, sent]);
}

export function readAll(answer: Answer): Promise<string> {
  return text(answer.body);
}
