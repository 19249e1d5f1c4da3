import type { ClusterConnection } from "@pai/kubernetes";
import { manifestRefs } from "./members.ts";
import type { DeployPlan } from "./plan.ts";

/**
 * Whether a service of the plan makes the object: one that misses it may get it yet. Namespaces are not
 * looked at, as what names an object rarely says which it means.
 */
export function comingObjects(
  plan: DeployPlan,
  connection: ClusterConnection,
): (kind: string, name: string) => boolean {
  const key = (kind: string, name: string): string => `${kind.toLowerCase()} ${name}`;
  const coming = new Set(
    plan.order.flatMap((planned) => [
      ...manifestRefs(planned, connection).map(({ kind, name }) => key(kind, name)),
      ...(planned.service.deploy?.declarative?.sources ?? []).map(({ kind, name }) => key(kind, name)),
    ]),
  );
  return (kind, name) => coming.has(key(kind, name));
}
