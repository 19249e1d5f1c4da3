import type { KubernetesObject } from "../objects.ts";
import type { Readiness } from "./types.ts";

export function serviceReadiness({ spec, status }: KubernetesObject): Readiness {
  if ((spec as { type?: string } | undefined)?.type !== "LoadBalancer") return { state: "ready" };
  const { loadBalancer } = (status ?? {}) as { loadBalancer?: { ingress?: readonly unknown[] } };
  return (loadBalancer?.ingress ?? []).length > 0
    ? { state: "ready" }
    : { state: "waiting", reason: "no load balancer has given it an address yet" };
}
