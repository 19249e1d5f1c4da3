import type { Evidence } from "./types.ts";

const missing =
  /\b(?<kind>configmap|secret|persistentvolumeclaim|serviceaccount) "(?:[^"/]*\/)?(?<name>[^"]+)" not found|key \S+ in (?<kind2>ConfigMap|Secret) [^/\s]+\/(?<name2>\S+)/i;

/** In each new namespace, by a controller that may have just started itself. */
const madeByCluster: ReadonlySet<string> = new Set(["serviceaccount default", "configmap kube-root-ca.crt"]);

/** How long an object may be missed: one that this run makes is noticed by the node after some seconds. */
export function missingPatience(message: string, { isComing }: Evidence, comingMs = 30_000): number {
  // The node has not got an answer in time and knows nothing of whether it is there.
  if (/failed to sync \w+ cache/.test(message)) return 60_000;
  const { kind, name, kind2, name2 } = missing.exec(message)?.groups ?? {};
  const isMade = kind !== undefined && madeByCluster.has(`${kind.toLowerCase()} ${name}`);
  return isMade || isComing((kind ?? kind2 ?? "").toLowerCase(), name ?? name2 ?? "") ? comingMs : 5000;
}
