import { isIP } from "node:net";
import type { Machine, ModelObject, ModelValue } from "./cluster.ts";
import { needed, neededText, optionalText, report, type Section } from "./section.ts";
import { isModelList, isModelObject } from "./yaml.ts";

/** layout.yaml, or cluster-configuration.yaml of OpenPAI up to 0.9. */
export interface MachineFile {
  readonly machines: readonly Machine[];
  readonly apiServerUrl: string;
  /** The file as it is written: what the services' code gets. */
  readonly source: ModelObject;
  /** What it adds to the top of `cluster_cfg`. */
  readonly model: ModelObject;
}

export function machineSections(layout: Section): Section[] {
  const list = needed(layout, "machine-list");
  if (list === undefined) return [];
  if (!isModelList(list) || list.length === 0) {
    report(layout, ["machine-list"], "must be a list of machines");
    return [];
  }
  return list.flatMap((value, index) => {
    const path = ["machine-list", index];
    if (isModelObject(value)) return [{ ...layout, path, value }];
    report(layout, path, "must be a map with hostname and hostip");
    return [];
  });
}

export function parseMachine(section: Section): Machine | undefined {
  const hostname = neededText(section, "hostname");
  const address = neededText(section, "hostip");
  if (address !== undefined && isIP(address) === 0) report(section, ["hostip"], "is not an IP address");
  if (hostname === undefined || address === undefined) return undefined;
  return {
    hostname,
    nodeName: optionalText(section, "nodename") ?? hostname,
    address,
    // As in OpenPAI, whose code and templates compare with the text: a bare true does not count.
    labels: [...section.value].flatMap(([key, value]) => (value === "true" ? [key] : [])),
  };
}

export function reportDuplicates(entries: readonly Section[], key: string): void {
  const first = new Map<ModelValue, Section>();
  for (const section of entries) {
    const value = section.value.get(key) ?? null;
    const earlier = first.get(value);
    if (typeof value !== "string") continue;
    if (!earlier) {
      first.set(value, section);
      continue;
    }
    const { line } = earlier.document.locate([...earlier.path, key]);
    report(section, [key], `is ${value}, as that of the machine in line ${line}`);
  }
}

export function byHostname(entries: readonly Section[]): ModelObject {
  return new Map(
    entries.flatMap(({ value }): [string, ModelObject][] => {
      const hostname = value.get("hostname");
      return typeof hostname === "string" ? [[hostname, value]] : [];
    }),
  );
}

export function findMaster(file: Section, machines: readonly Machine[]): Machine | undefined {
  const master = machines.find(({ labels }) => labels.includes("pai-master"));
  const list = file.value.get("machine-list") ?? null;
  if (!master && isModelList(list)) {
    const bare = list.findIndex((machine) => isModelObject(machine) && machine.get("pai-master") === true);
    if (bare === -1) {
      report(file, ["machine-list"], "has no master", 'give one machine  pai-master: "true"');
    } else {
      const place = ["machine-list", bare, "pai-master"];
      report(file, place, 'counts only as the text "true"', 'write  pai-master: "true"');
    }
  }
  return master;
}
