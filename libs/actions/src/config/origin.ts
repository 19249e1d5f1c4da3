// Where a setting of the object model comes from: the file that has the last word on it.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Location } from "@pai/core";
import {
  findServiceCode,
  formatModelJson,
  isModelList,
  isModelObject,
  parseYaml,
  type Cluster,
  type ModelValue,
  type ServiceCode,
  type YamlDocument,
  type YamlPath,
} from "@pai/model";

export interface Origin {
  /**
   * `override`: services-configuration.yaml; `default`: the service's own config folder; `layout`: the file
   * of the machines; `code`: made by the service's code; `paictl`: made or assumed by paictl.
   */
  readonly kind: "override" | "default" | "layout" | "code" | "paictl" | "not set";
  readonly location?: Location;
}

export interface OriginOptions {
  readonly root: string;
  /** As given; a relative path starts at the root. */
  readonly configuration: string;
  readonly cluster: Pick<Cluster, "model">;
}

type SettingPath = readonly string[];

export function createOriginFinder(options: OriginOptions): (setting: SettingPath) => Origin {
  const { root, configuration, cluster } = options;
  const documents = new Map<string, YamlDocument | undefined>();
  const read = (file: string): YamlDocument | undefined => {
    if (!documents.has(file)) documents.set(file, readDocument(root, file));
    return documents.get(file);
  };
  const directory = shownFolder(root, configuration);
  const code = new Map(findServiceCode(root).map((each) => [each.name, each]));

  const ofMachines = (setting: SettingPath): Origin => {
    const [top = "", ...below] = setting;
    const file = top === "layout" ? "layout.yaml" : "cluster-configuration.yaml";
    return originIn(read(`${directory}/${file}`), below, "layout") ?? { kind: "paictl" };
  };
  const ofService = (setting: SettingPath): Origin => {
    const [service = "", ...below] = setting;
    const made = valueAt(cluster.model, setting);
    const own = code.get(service);
    const fits = (origin: Origin | undefined, value: ModelValue | undefined): origin is Origin =>
      origin !== undefined && (own === undefined || isSameOrMap(value, made));
    const overrides = read(`${directory}/services-configuration.yaml`);
    const override = originIn(overrides, setting, "override");
    if (fits(override, overrides && valueAt(overrides.value, setting))) return override;
    const defaults = [service, service.replaceAll("-", "_")]
      .map((stem) => read(`src/${service}/config/${stem}.yaml`))
      .find((document) => document !== undefined);
    const byDefault = originIn(defaults, below, "default");
    if (fits(byDefault, defaults && valueAt(defaults.value, below))) return byDefault;
    return own
      ? { kind: "code", location: locateInCode(root, own, setting.at(-1) ?? "") }
      : { kind: "paictl" };
  };
  return (setting) => {
    if (valueAt(cluster.model, setting) === undefined) return { kind: "not set" };
    const [top = ""] = setting;
    if (top === "layout" || top === "machine") return ofMachines(setting);
    if (top !== "kubernetes") return ofService(setting);
    const file = read(`${directory}/kubernetes-configuration.yaml`);
    return originIn(file, setting, "layout") ?? { kind: "paictl" };
  };
}

function originIn(
  document: YamlDocument | undefined,
  setting: SettingPath,
  kind: Origin["kind"],
): Origin | undefined {
  if (!document) return undefined;
  const at = placeOf(document.value, setting);
  return at && { kind, location: document.locate(at) };
}

/** Where the file has it: machines stand in a list there, and under their names in the model. */
function placeOf(value: ModelValue, setting: SettingPath): YamlPath | undefined {
  const place: (string | number)[] = [];
  let current: ModelValue | undefined = value;
  for (const key of setting) {
    if (isModelList(current)) {
      const index: number = current.findIndex((item) => isModelObject(item) && item.get("hostname") === key);
      const at = index < 0 ? Number(key) : index;
      place.push(at);
      current = current[at];
    } else {
      place.push(key);
      current = isModelObject(current) ? current.get(key) : undefined;
    }
    if (current === undefined) return undefined;
  }
  return place;
}

export function valueAt(value: ModelValue, setting: SettingPath): ModelValue | undefined {
  let current: ModelValue | undefined = value;
  for (const key of setting) {
    if (isModelObject(current)) current = current.get(key);
    else if (isModelList(current)) current = current[Number(key)];
    else return undefined;
  }
  return current;
}

/** Code may replace what a file says; then the file is not where the value comes from. */
function isSameOrMap(value: ModelValue | undefined, made: ModelValue | undefined): boolean {
  if (isModelObject(value) || isModelList(value)) return true;
  // ${env:NAME} stands for another text.
  if (typeof value === "string" && value.includes("${")) return true;
  return value !== undefined && made !== undefined && formatModelJson(value) === formatModelJson(made);
}

function locateInCode(root: string, { file }: ServiceCode, key: string): Location {
  const lines = readFileSync(path.join(root, file), "utf8").split("\n");
  const line = lines.findIndex((text) => text.includes(`"${key}"`) || text.includes(`'${key}'`));
  return line < 0 ? { file } : { file, line: line + 1 };
}

function readDocument(root: string, file: string): YamlDocument | undefined {
  const absolute = path.resolve(root, file);
  return existsSync(absolute) ? parseYaml(readFileSync(absolute, "utf8"), file) : undefined;
}

/** Relative to the root where it lies below it. */
function shownFolder(root: string, folder: string): string {
  const relative = path.relative(root, path.resolve(root, folder));
  return relative.startsWith("..") ? folder : relative || ".";
}
