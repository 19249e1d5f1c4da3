// Deployment, DaemonSet, ReplicaSet and StatefulSet of extensions/v1beta1, apps/v1beta1 and apps/v1beta2: what
// those versions filled in is written down, as apps/v1 fills in something else.
import { mapIn, without, type Fields } from "./objects.ts";

export function upgradeWorkload(object: Fields): Fields {
  const spec = without(mapIn(object, "spec"), "rollbackTo", "templateGeneration");
  const labels = mapIn(mapIn(mapIn(spec, "template"), "metadata"), "labels");
  const selector =
    spec["selector"] === undefined && Object.keys(labels).length > 0
      ? { selector: { matchLabels: labels } }
      : {};
  return { ...object, spec: { ...selector, ...oldDefaults(object, spec), ...spec } };
}

function oldDefaults({ apiVersion, kind }: Fields, spec: Fields): Fields {
  const isOldest = apiVersion !== "apps/v1beta2";
  if (kind === "StatefulSet" || kind === "DaemonSet")
    return isOldest ? { updateStrategy: { type: "OnDelete" } } : {};
  if (kind !== "Deployment" || apiVersion !== "extensions/v1beta1") return {};
  const strategy = mapIn(spec, "strategy");
  const isRolling = (strategy["type"] ?? "RollingUpdate") === "RollingUpdate";
  const rolling = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } };
  return {
    // Stands for no deadline.
    progressDeadlineSeconds: 2 ** 31 - 1,
    ...(isRolling && strategy["rollingUpdate"] === undefined ? { strategy: rolling } : {}),
  };
}
