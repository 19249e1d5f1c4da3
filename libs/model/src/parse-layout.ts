import { isIP } from "node:net";
import type { Machine, ModelObject, ModelValue } from "./cluster.ts";
import { needed, neededText, optionalText, report, type Section } from "./section.ts";
import { isModelList, isModelObject } from "./yaml.ts";

export interface Layout {
  readonly machines: readonly Machine[];
  readonly apiServerUrl: string;
  /** What templates see as `cluster_cfg['layout']`. */
  readonly model: ModelObject;
}

/** Reads layout.yaml of OpenPAI 0.10 and later. What is wrong goes to the section's errors. */
export function parseLayout(layout: Section): Layout {
  const entries = machineSections(layout);
  const machines = entries.flatMap((section) => parseMachine(section) ?? []);
  for (const key of ["hostname", "hostip"]) reportDuplicates(entries, key);
  const master = machines.find(({ labels }) => labels.includes("pai-master"));
  if (!master && entries.length > 0) {
    report(layout, ["machine-list"], "has no master", 'give one machine  pai-master: "true"');
  }
  const { apiServerUrl, model: kubernetes } = kubernetesOf(layout, master?.address ?? "");
  return {
    machines,
    apiServerUrl,
    model: new Map<string, ModelValue>([
      ...layout.value,
      ["kubernetes", kubernetes],
      // Templates iterate over a dict by hostname; OpenPAI makes it from the list.
      ["machine-list", byHostname(entries)],
    ]),
  };
}

function machineSections(layout: Section): Section[] {
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

function parseMachine(section: Section): Machine | undefined {
  const hostname = neededText(section, "hostname");
  const address = neededText(section, "hostip");
  if (address !== undefined && isIP(address) === 0) report(section, ["hostip"], "is not an IP address");
  if (hostname === undefined || address === undefined) return undefined;
  return {
    hostname,
    nodeName: optionalText(section, "nodename") ?? hostname,
    address,
    labels: [...withTextLabels(section.value)].flatMap(([key, value]) => (value === "true" ? [key] : [])),
  };
}

/** OpenPAI compares labels with the text "true"; a bare `true` is what people write and mean. */
function withTextLabels(machine: ModelObject): ModelObject {
  return new Map([...machine].map(([key, value]) => [key, value === true ? "true" : value]));
}

function reportDuplicates(entries: readonly Section[], key: string): void {
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

function byHostname(entries: readonly Section[]): ModelObject {
  return new Map(
    entries.flatMap(({ value }): [string, ModelObject][] => {
      const hostname = value.get("hostname");
      return typeof hostname === "string" ? [[hostname, withTextLabels(value)]] : [];
    }),
  );
}

/** Without the key, OpenPAI takes the usual ports of the master. */
function kubernetesOf(
  layout: Section,
  masterAddress: string,
): { readonly apiServerUrl: string; readonly model: ModelObject } {
  const apiServerUrl = `https://${masterAddress}:6443`;
  const defaults: ModelObject = new Map([
    ["api-servers-url", apiServerUrl],
    ["dashboard-url", `https://${masterAddress}:9090`],
  ]);
  const value = layout.value.get("kubernetes") ?? null;
  if (value !== null && !isModelObject(value)) {
    report(layout, ["kubernetes"], "must be a map with api-servers-url");
    return { apiServerUrl, model: defaults };
  }
  const section = { ...layout, path: ["kubernetes"], value: value ?? new Map<string, ModelValue>() };
  const url = optionalText(section, "api-servers-url");
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    report(section, ["api-servers-url"], "must be a URL such as https://10.0.0.1:6443");
  }
  return { apiServerUrl: url ?? apiServerUrl, model: new Map([...defaults, ...section.value]) };
}
