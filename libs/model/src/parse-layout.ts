import type { ModelObject, ModelValue } from "./cluster.ts";
import {
  byHostname,
  findMaster,
  machineSections,
  parseMachine,
  reportDuplicates,
  type MachineFile,
} from "./machines.ts";
import { optionalText, report, type Section } from "./section.ts";
import { isModelObject } from "./yaml.ts";

/** Reads layout.yaml of OpenPAI 0.10 and later. What is wrong goes to the section's errors. */
export function parseLayout(layout: Section): MachineFile {
  const entries = machineSections(layout);
  const machines = entries.flatMap((section) => parseMachine(section) ?? []);
  for (const key of ["hostname", "hostip"]) reportDuplicates(entries, key);
  const master = findMaster(layout, machines);
  const { apiServerUrl, model: kubernetes } = kubernetesOf(layout, master?.address ?? "");
  const model = new Map<string, ModelValue>([
    ...layout.value,
    ["kubernetes", kubernetes],
    // Templates iterate over a dict by hostname; OpenPAI makes it from the list.
    ["machine-list", byHostname(entries)],
  ]);
  return { machines, apiServerUrl, source: layout.value, model: new Map([["layout", model]]) };
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
