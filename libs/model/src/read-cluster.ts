import { joinErrors, type PaiError } from "@pai/core";
import type { Cluster, ModelObject, ModelValue } from "./cluster.ts";
import { readConfigurationFiles } from "./configuration-files.ts";
import { mergeDeep, mergeServices, readDefaults, secretsIn } from "./object-model.ts";
import { parseLayout } from "./parse-layout.ts";
import { parseRegistry } from "./parse-registry.ts";
import { neededSection, optionalText, type Section } from "./section.ts";

export interface ReadClusterOptions {
  /** The folder that holds `src/`. */
  readonly root: string;
  /** The configuration folder; a relative path starts at the root. */
  readonly directory: string;
  /** Where `${env:NAME}` looks; the process's own environment by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** OpenPAI's own defaults (its src/cluster/config/cluster.yaml), for trees that have no such file. */
const commonDefaults: ModelObject = new Map([
  [
    "common",
    new Map<string, ModelValue>([
      ["cluster-id", "pai"],
      ["data-path", "/datastorage"],
      ["qos-switch", "true"],
    ]),
  ],
]);

/**
 * Reads the configuration folder and the defaults of all services. Throws every mistake that it finds: one
 * as PaiError CONFIG_INVALID, several as an AggregateError of these.
 */
export async function readCluster({
  root,
  directory,
  env = process.env,
}: ReadClusterOptions): Promise<Cluster> {
  const errors: PaiError[] = [];
  const files = readConfigurationFiles({ root, directory, env, errors });
  const defaults = readDefaults(root, errors);
  const services = files.services && mergeServices(defaults, files.services);
  const cluster = files.services && clusterSection(files.services, services);
  const registry = cluster && parseRegistry(cluster);
  const common = cluster && neededSection(cluster, "common");
  const clusterId = common && optionalText(common, "cluster-id");
  const layout = files.layout && parseLayout(files.layout);
  if (errors.length > 0 || !layout || !services || !cluster || !registry)
    throw joinErrors(errors.toSorted(byPlace));
  const model = new Map<string, ModelValue>([
    ...services,
    ["cluster", new Map([...cluster.value, ["docker-registry", registry.model]])],
    ["layout", layout.model],
    ...(files.kubernetes ? [["kubernetes", files.kubernetes.value.get("kubernetes") ?? null] as const] : []),
  ]);
  return {
    directory,
    clusterId: clusterId ?? "pai",
    machines: layout.machines,
    apiServerUrl: layout.apiServerUrl,
    registry: registry.registry,
    model,
    secrets: [...new Set([...registry.secrets, ...secretsIn(model)])],
  };
}

function clusterSection(
  overrides: Section,
  merged: ReadonlyMap<string, ModelObject> | undefined,
): Section | undefined {
  const value = merged?.get("cluster");
  if (value === undefined) return neededSection(overrides, "cluster");
  return { ...overrides, path: ["cluster"], value: mergeDeep(commonDefaults, value) };
}

function byPlace({ location: a }: PaiError, { location: b }: PaiError): number {
  const [file, other] = [a?.file ?? "", b?.file ?? ""];
  return file === other ? (a?.line ?? 0) - (b?.line ?? 0) : file < other ? -1 : 1;
}
