// What the cluster of a configuration says about its objects. A process of its own reads it: loading the client
// and taking the description apart cost as much as a whole check, which goes on meanwhile, and a credential
// plugin that waits for somebody can be ended.
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import type { KubernetesSchema } from "@pai/check";
import { mayReach } from "@pai/kubernetes/open-api";
import { runTool } from "@pai/scripts";

/** Which cluster may be asked. */
export interface SchemaSource {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

export interface SchemaRequest extends SchemaSource {
  readonly server: string;
  readonly home: string;
  readonly answerMs: number;
}

const answerMs = 2000;
/** Beside the answer, the program has to be loaded. */
const startMs = 4000;

/** Undefined on any trouble, and when aborted: a check needs no cluster. */
export async function readClusterSchema(
  source: SchemaSource,
  server: string,
  signal: AbortSignal,
): Promise<KubernetesSchema | undefined> {
  const request: SchemaRequest = { ...source, server, home: homedir(), answerMs };
  const { kubeconfig, home } = request;
  const explicit = kubeconfig === undefined ? {} : { explicit: kubeconfig };
  if (!mayReach({ ...explicit, env: process.env, home }, server)) return undefined;
  try {
    const { code, stdout } = await runTool({
      file: process.execPath,
      args: [fileURLToPath(new URL("./read-cluster-schema.ts", import.meta.url)), JSON.stringify(request)],
      cwd: process.cwd(),
      signal: AbortSignal.any([signal, AbortSignal.timeout(startMs + answerMs)]),
    });
    return code === 0 ? (JSON.parse(stdout) as KubernetesSchema) : undefined;
  } catch {
    return undefined;
  }
}
