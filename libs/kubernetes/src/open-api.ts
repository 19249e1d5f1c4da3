// The description of all that an API server knows, its custom resources among it.
import { readFileSync } from "node:fs";
import { findAccess, findKubeconfigFiles, type KubeconfigSources } from "./kubeconfig.ts";
import { createTransport } from "./transport.ts";

export interface OpenApiOptions extends KubeconfigSources {
  readonly context?: string | undefined;
  /** `kubernetes.api-servers-url` of the configuration. */
  readonly server: string | undefined;
  /** For the server, after the client is loaded. */
  readonly answerMs: number;
}

export interface OpenApi {
  /** `https://host:port` */
  readonly server: string;
  /** Such as `1.34.4`. */
  readonly version: string;
  /** OpenAPI 2, parsed. */
  readonly document: unknown;
}

/** Whether a kubeconfig may lead to the server: a glance that costs nothing, where `readOpenApi` loads a client. */
export function mayReach(sources: KubeconfigSources, server: string): boolean {
  try {
    const { hostname } = new URL(server);
    return findKubeconfigFiles(sources).some((file) => readFileSync(file, "utf8").includes(hostname));
  } catch {
    return false;
  }
}

/** Throws what connecting to a cluster throws; tries nothing twice. */
export async function readOpenApi(options: OpenApiOptions): Promise<OpenApi> {
  const { context, server: configured, answerMs } = options;
  const { access } = await findAccess(options, { context, server: configured });
  const server = access.cluster?.server ?? "";
  const transport = createTransport({
    access,
    server,
    signal: AbortSignal.timeout(answerMs),
    patienceMs: 0,
  });
  try {
    const doing = `read the API of the cluster ${access.context.name}`;
    const [version, document] = await Promise.all(
      ["/version", "/openapi/v2"].map((path) => transport.send({ method: "GET", path, doing })),
    );
    const { gitVersion = "" } = JSON.parse(version?.text ?? "{}") as { readonly gitVersion?: string };
    return {
      server,
      version: gitVersion.replace(/^v/, ""),
      document: JSON.parse(document?.text ?? "{}") as unknown,
    };
  } finally {
    await transport.close();
  }
}
