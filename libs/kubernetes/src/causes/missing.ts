import type { Evidence } from "./types.ts";

const missing =
  /\b(?<kind>configmap|secret|persistentvolumeclaim|serviceaccount) "(?:[^"/]*\/)?(?<name>[^"]+)" not found|key \S+ in (?<kind2>ConfigMap|Secret) [^/\s]+\/(?<name2>\S+)/i;

/** How long an object may be missed: one that this run makes is noticed by the node after some seconds. */
export function missingPatience(message: string, { isComing }: Evidence, comingMs = 30_000): number {
  const { kind, name, kind2, name2 } = missing.exec(message)?.groups ?? {};
  return isComing((kind ?? kind2 ?? "").toLowerCase(), name ?? name2 ?? "") ? comingMs : 5000;
}
