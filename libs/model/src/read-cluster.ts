import { joinErrors, PaiError } from "@pai/core";
import type { Cluster, ModelObject, ModelValue } from "./cluster.ts";
import { addServiceCode } from "./code/add-service-code.ts";
import type { CodeOptions } from "./code/run-service-code.ts";
import { readConfigurationFiles } from "./configuration-files.ts";
import { convertServices } from "./dialect/convert-services.ts";
import { parseClusterConfiguration } from "./dialect/parse-machines.ts";
import type { ConfigWarning } from "./duplicate-keys.ts";
import { mergeDeep, mergeServices, readDefaults, secretsIn, type Defaults } from "./object-model.ts";
import type { MachineFile } from "./machines.ts";
import { parseLayout } from "./parse-layout.ts";
import { readSecretKeys } from "./secret-keys.ts";
import { parseRegistry, type ParsedRegistry } from "./parse-registry.ts";
import { neededSection, optionalText, type Section } from "./section.ts";
import { isModelObject } from "./yaml.ts";

export interface ReadClusterOptions {
  /** The folder that holds `src/`. */
  readonly root: string;
  /** The configuration folder; a relative path starts at the root. */
  readonly directory: string;
  /** Where `${env:NAME}` looks; the process's own environment by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Runs the services' config/*.ts and config/*.py. Without it their settings are defaults and overrides
   * merged, which is enough to build and push, and too little to render.
   */
  readonly code?: CodeOptions | undefined;
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
export async function readCluster(options: ReadClusterOptions): Promise<Cluster> {
  const errors: PaiError[] = [];
  const files = mergeFiles(options, errors);
  if (errors.length > 0 || !files) throw joinErrors(errors.toSorted(byPlace));
  return completeCluster(options, files);
}

/** For checks: mistakes do not keep the rest from being read. Without the registry there is no cluster. */
export async function readClusterWithProblems(
  options: ReadClusterOptions,
): Promise<{ readonly cluster: Cluster | undefined; readonly problems: readonly PaiError[] }> {
  const problems: PaiError[] = [];
  try {
    const files = mergeFiles(options, problems);
    const tolerate = (problem: PaiError): void => void problems.push(problem);
    return { cluster: files && (await completeCluster(options, files, tolerate)), problems };
  } catch (error) {
    const errors = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
    const expected = errors.filter((each) => each instanceof PaiError);
    if (expected.length < errors.length) throw error;
    return { cluster: undefined, problems: [...problems, ...expected] };
  }
}

interface MergedFiles {
  readonly machineFile: MachineFile;
  readonly defaults: Defaults;
  readonly overrides: ModelObject;
  readonly registry: ParsedRegistry;
  readonly clusterId: string | undefined;
  /** The model as it is without the services' code. */
  readonly model: ModelObject;
  readonly warnings: readonly ConfigWarning[];
}

function mergeFiles(
  { root, directory, env = process.env }: ReadClusterOptions,
  errors: PaiError[],
): MergedFiles | undefined {
  const warnings: ConfigWarning[] = [];
  const files = readConfigurationFiles({ root, directory, env, errors, warnings });
  const overrides = files.services && convertedServices(files.services);
  const defaults = readDefaults(root, errors, warnings);
  const services = overrides && mergeServices(defaults, overrides);
  const cluster = overrides && clusterSection(overrides, services);
  const registry = cluster && parseRegistry(cluster);
  const common = cluster && neededSection(cluster, "common");
  const clusterId = common && optionalText(common, "cluster-id");
  const machineFile = files.layout
    ? parseLayout(files.layout)
    : files.clusterConfiguration && parseClusterConfiguration(files.clusterConfiguration, files.kubernetes);
  if (!machineFile || !services || !cluster || !registry) return undefined;
  const model = new Map<string, ModelValue>([
    ...services,
    ["cluster", new Map([...cluster.value, ["docker-registry", registry.model]])],
    ...(files.kubernetes ? [["kubernetes", files.kubernetes.value.get("kubernetes") ?? null] as const] : []),
    ...machineFile.model,
  ]);
  return { machineFile, defaults, overrides: overrides.value, registry, clusterId, model, warnings };
}

async function completeCluster(
  { root, directory, code }: ReadClusterOptions,
  files: MergedFiles,
  tolerate?: (problem: PaiError) => void,
): Promise<Cluster> {
  const { machineFile, registry, defaults, overrides, clusterId } = files;
  const { machines, apiServerUrl } = machineFile;
  const { model, secretKeys, unmade } = code
    ? await addServiceCode({
        root,
        directory,
        code,
        machineFile: machineFile.source,
        machines,
        defaults,
        overrides,
        model: files.model,
        registry: registry.model,
        tolerate,
      })
    : { model: files.model, secretKeys: new Map<string, readonly string[]>(), unmade: new Set<string>() };
  const named = [...readSecretKeys(root), ...secretKeys];
  return {
    directory,
    clusterId: clusterId ?? "pai",
    isClusterIdNamed: namesClusterId(overrides),
    machines,
    apiServerUrl,
    registry: { ...registry.registry, ...prefixOf(model) },
    model,
    unmade,
    warnings: files.warnings,
    secrets: [
      ...new Set([
        ...registry.secrets,
        ...secretsIn(model),
        ...named.flatMap(([service, keys]) => secretsIn(model.get(service) ?? null, keys)),
      ]),
    ],
  };
}

function convertedServices(file: Section): Section {
  return { ...file, value: convertServices(file.value).services };
}

/** What the tree's own code of `cluster` puts before image names: OpenPAI's versions differ. */
function prefixOf(model: ModelObject): { readonly prefix?: string } {
  const cluster = model.get("cluster");
  const registry = isModelObject(cluster) ? cluster.get("docker-registry") : undefined;
  const prefix = isModelObject(registry) ? registry.get("prefix") : undefined;
  return typeof prefix === "string" ? { prefix } : {};
}

function clusterSection(
  overrides: Section,
  merged: ReadonlyMap<string, ModelObject> | undefined,
): Section | undefined {
  const value = merged?.get("cluster");
  if (value === undefined) return neededSection(overrides, "cluster");
  return { ...overrides, path: ["cluster"], value: mergeDeep(commonDefaults, value) };
}

/** A default of the tree, or ours, says nothing about which cluster is meant. */
function namesClusterId(overrides: ModelObject): boolean {
  const cluster = overrides.get("cluster");
  const common = isModelObject(cluster) ? cluster.get("common") : undefined;
  return isModelObject(common) && typeof common.get("cluster-id") === "string";
}

function byPlace({ location: a }: PaiError, { location: b }: PaiError): number {
  const [file, other] = [a?.file ?? "", b?.file ?? ""];
  if (file !== other) return file < other ? -1 : 1;
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
