// services-configuration.yaml as it was before OpenPAI 0.9. The original converted every file without
// `rest-server`, and lost what it did not know; here only a file with keys of that time is converted, and
// what has no new name stays where it is.
import type { ModelObject, ModelValue } from "../cluster.ts";
import { isModelObject } from "../yaml.ts";

const markers = ["hadoop", "restserver", "frameworklauncher"];

const renamed: readonly (readonly [from: string, to: string])[] = [
  ["cluster.clusterid", "cluster.common.cluster-id"],
  ["cluster.cluster-id", "cluster.common.cluster-id"],
  ["cluster.data-path", "cluster.common.data-path"],
  ["cluster.docker-registry-info.docker-namespace", "cluster.docker-registry.namespace"],
  ["cluster.docker-registry-info.docker-registry-domain", "cluster.docker-registry.domain"],
  ["cluster.docker-registry-info.docker-username", "cluster.docker-registry.username"],
  ["cluster.docker-registry-info.docker-password", "cluster.docker-registry.password"],
  ["cluster.docker-registry-info.docker-tag", "cluster.docker-registry.tag"],
  ["cluster.docker-registry-info.secret-name", "cluster.docker-registry.secret-name"],
  ["restserver", "rest-server"],
  ["frameworklauncher", "yarn-frameworklauncher"],
  ["hadoop.virtualClusters", "hadoop-resource-manager.virtualClusters"],
  ["prometheus.yarn_exporter_port", "hadoop-resource-manager.yarn_exporter_port"],
  ["prometheus.prometheus-port", "prometheus.port"],
  ["prometheus.node-exporter-port", "node-exporter.port"],
  ["prometheus.alerting.alert_receiver", "alert-manager.receiver"],
  ["prometheus.alerting.alert_manager_port", "alert-manager.port"],
  ["prometheus.alerting.smtp_url", "alert-manager.smtp_url"],
  ["prometheus.alerting.smtp_from", "alert-manager.smtp_from"],
  ["prometheus.alerting.smtp_auth_username", "alert-manager.smtp_auth_username"],
  ["prometheus.alerting.smtp_auth_password", "alert-manager.smtp_auth_password"],
  ["grafana.grafana-port", "grafana.port"],
];

export interface Conversion {
  readonly services: ModelObject;
  /** Old key and new key of each value that moved. */
  readonly moved: readonly (readonly [from: string, to: string])[];
}

/** Moves the values of a pre-0.9 file to their new keys; a value that stands at its new key already wins. */
export function convertServices(services: ModelObject): Conversion {
  const cluster = services.get("cluster");
  const isOld =
    markers.some((key) => services.has(key)) ||
    (isModelObject(cluster) && cluster.has("docker-registry-info"));
  if (!isOld) return { services, moved: [] };
  let converted = services;
  const moved: (readonly [string, string])[] = [];
  for (const [from, to] of renamed) {
    const value = valueAt(converted, from.split("."));
    if (value === undefined) continue;
    converted = without(converted, from.split("."));
    if (valueAt(converted, to.split(".")) === undefined)
      converted = withValue(converted, to.split("."), value);
    moved.push([from, to]);
  }
  return { services: converted, moved };
}

function valueAt(map: ModelObject, [key = "", ...rest]: readonly string[]): ModelValue | undefined {
  const value = map.get(key);
  if (rest.length === 0) return value;
  return isModelObject(value) ? valueAt(value, rest) : undefined;
}

/** Takes the value out, and the map that held it if it held nothing else. */
function without(map: ModelObject, [key = "", ...rest]: readonly string[]): ModelObject {
  const copy = new Map(map);
  const value = map.get(key);
  const left = rest.length > 0 && isModelObject(value) ? without(value, rest) : undefined;
  if (left !== undefined && left.size > 0) copy.set(key, left);
  else copy.delete(key);
  return copy;
}

function withValue(map: ModelObject, [key = "", ...rest]: readonly string[], value: ModelValue): ModelObject {
  const below = map.get(key);
  const inner = isModelObject(below) ? below : new Map<string, ModelValue>();
  return new Map(map).set(key, rest.length === 0 ? value : withValue(inner, rest, value));
}
