import type { PaiError } from "@pai/core";
import type { Machine, ModelObject, ModelValue } from "../cluster.ts";
import type { Defaults } from "../object-model.ts";
import { isModelObject } from "../yaml.ts";
import { findServiceCode, type ServiceCode } from "./find-service-code.ts";
import { runServiceCode, type CodedService, type CodeOptions } from "./run-service-code.ts";

export interface CodeInput {
  readonly root: string;
  /** The configuration folder; a relative path starts at the root. */
  readonly directory: string;
  readonly code: CodeOptions;
  readonly machineFile: ModelObject;
  readonly machines: readonly Machine[];
  readonly defaults: Defaults;
  /** services-configuration.yaml. */
  readonly overrides: ModelObject;
  /** The model as it is without any code. */
  readonly model: ModelObject;
  /** `cluster.docker-registry` with the login made of it. */
  readonly registry: ModelObject;
  /** Takes what would be thrown, so that the other services' code goes on. */
  readonly tolerate?: ((error: PaiError) => void) | undefined;
}

export interface CodedModel {
  readonly model: ModelObject;
  readonly secretKeys: ReadonlyMap<string, readonly string[]>;
  /** Services whose code failed: they have what they have without code. */
  readonly unmade: ReadonlySet<string>;
}

/** The model with the settings of the services that have code made by it. */
export async function addServiceCode(input: CodeInput): Promise<CodedModel> {
  const { root, directory, code, machineFile, machines, defaults, overrides, registry } = input;
  const found = findServiceCode(root);
  if (found.length === 0) return { model: input.model, secretKeys: new Map(), unmade: new Set() };
  const services = found.map((each) => codedService(each, defaults, overrides));
  const skipped = new Set(services.filter(isForOtherClusters).map(({ name }) => name));
  const coded = new Set(found.map(({ name }) => name));
  const { values, secretKeys, unmade } = await runServiceCode({
    ...code,
    root,
    directory,
    machineFile,
    machines,
    services: services.filter(({ name }) => !skipped.has(name)),
    tolerate: input.tolerate,
    others: new Map([...input.model].filter(([name]) => !coded.has(name))),
    amend: (service, value) => (service === "cluster" ? withLogin(value, registry) : value),
  });
  const model = [...input.model].filter(([name]) => !skipped.has(name));
  return { model: new Map([...model, ...values]), secretKeys, unmade };
}

function codedService(code: ServiceCode, defaults: Defaults, overrides: ModelObject): CodedService {
  const empty = new Map<string, ModelValue>();
  const override = overrides.get(code.name);
  return {
    ...code,
    defaults: defaults.has(code.name) ? (defaults.get(code.name) ?? null) : empty,
    // A key with nothing under it breaks most of OpenPAI's classes; it means no overrides.
    override: isModelObject(override) ? override : empty,
  };
}

/** OpenPAI 1.8 leaves out services that belong to another kind of cluster, such as yarn. */
function isForOtherClusters({ language, defaults, override }: CodedService): boolean {
  const stated =
    override.get("service_type") ?? (isModelObject(defaults) ? defaults.get("service_type") : null);
  return language === "python" && ![undefined, null, "common", "k8s"].includes(stated as string);
}

/** OpenPAI's class takes the pull secret from the files of `docker login`, which is not run. */
function withLogin(value: ModelValue, registry: ModelObject): ModelValue {
  const section = isModelObject(value) ? value.get("docker-registry") : undefined;
  if (!isModelObject(value) || !isModelObject(section)) return value;
  const login = ["prefix", "base64code", "credential"].map(
    (key) => [key, registry.get(key) ?? null] as const,
  );
  const made = section.has("prefix") ? login.slice(1) : login;
  return new Map([...value, ["docker-registry", new Map([...section, ...made])]]);
}
