import path from "node:path";
import { joinErrors, PaiError } from "@pai/core";
import type { Cluster, Machine } from "./cluster.ts";
import { duplicateWarnings } from "./duplicate-keys.ts";
import { readText } from "./files.ts";
import { findMaster, parseMachine } from "./machines.ts";
import { secretsIn } from "./object-model.ts";
import { parseRegistry } from "./parse-registry.ts";
import { readSecretKeys } from "./secret-keys.ts";
import { neededSection, neededText, optionalText, report, topSection, type Section } from "./section.ts";
import { isModelObject, parseYaml } from "./yaml.ts";

export interface ReadModelFileOptions {
  readonly root: string;
  /** YAML or JSON; a relative path starts at the root. */
  readonly file: string;
}

/** A model that was made elsewhere, in place of the configuration folder and the services' code. */
export async function readModelFile({ root, file }: ReadModelFileOptions): Promise<Cluster> {
  const errors: PaiError[] = [];
  const text = readText(path.resolve(root, file), file);
  if (text === undefined) throw new PaiError("CONFIG_INVALID", `there is no model file ${file}`);
  const document = parseYaml(text, file);
  const model = topSection(document, errors);
  if (!model) throw joinErrors(errors);
  const cluster = neededSection(model, "cluster");
  const registry = cluster && parseRegistry(cluster);
  const common = cluster?.value.has("common") ? neededSection(cluster, "common") : undefined;
  const clusterId = common && optionalText(common, "cluster-id");
  // The older form has machine and kubernetes at the top in place of layout.
  const layout = neededSection(model, model.value.has("machine") ? "machine" : "layout");
  const machines = layout && machinesOf(layout);
  const kubernetes = layout && neededSection(layout.path[0] === "machine" ? model : layout, "kubernetes");
  const apiServerUrl = kubernetes && neededText(kubernetes, "api-servers-url");
  if (errors.length > 0 || !registry || !machines || !apiServerUrl) throw joinErrors(errors);
  const prefix = cluster.value.get("docker-registry");
  const given = isModelObject(prefix) ? prefix.get("prefix") : undefined;
  return {
    directory: path.dirname(file),
    clusterId: clusterId ?? "pai",
    // A model that was written out holds the defaults, too.
    isClusterIdNamed: false,
    machines,
    apiServerUrl,
    registry: { ...registry.registry, ...(typeof given === "string" ? { prefix: given } : {}) },
    model: model.value,
    warnings: duplicateWarnings(document),
    secrets: [
      ...new Set([
        ...registry.secrets,
        ...secretsIn(model.value),
        ...[...readSecretKeys(root)].flatMap(([service, keys]) =>
          secretsIn(model.value.get(service) ?? null, keys),
        ),
      ]),
    ],
  };
}

function machinesOf(layout: Section): readonly Machine[] {
  const list = neededSection(layout, "machine-list");
  if (!list) return [];
  const machines = [...list.value].flatMap(([hostname, value]) => {
    if (!isModelObject(value)) {
      report(list, [hostname], "must be a map with hostname and hostip");
      return [];
    }
    return parseMachine({ ...list, path: [...list.path, hostname], value }) ?? [];
  });
  findMaster(layout, machines);
  return machines;
}
