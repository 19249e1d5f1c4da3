// cluster-configuration.yaml, the machine file of OpenPAI up to 0.9.
import type { ModelObject, ModelValue } from "../cluster.ts";
import {
  byHostname,
  findMaster,
  machineSections,
  parseMachine,
  reportDuplicates,
  type MachineFile,
} from "../machines.ts";
import { needed, neededSection, neededText, report, type Section } from "../section.ts";
import { isModelObject } from "../yaml.ts";
import { parseKubernetes } from "./parse-kubernetes.ts";

/** `kubernetes` is kubernetes-configuration.yaml. What is wrong goes to the sections' errors. */
export function parseClusterConfiguration(file: Section, kubernetes: Section | undefined): MachineFile {
  const defaults = neededSection(file, "default-machine-properties");
  if (defaults) checkDefaults(defaults);
  const skus = neededSection(file, "machine-sku");
  if (skus) checkSkus(skus);
  const hosts = machineSections(file).map((host) => ({
    ...host,
    value: completed(host.value, defaults?.value),
  }));
  const machines = hosts.flatMap((host) => parseMachine(host) ?? []);
  for (const key of ["hostname", "hostip"]) reportDuplicates(hosts, key);
  for (const host of hosts) checkHost(host, skus?.value);
  findMaster(file, machines);
  const dashboard = hosts.find(({ value }) => value.get("dashboard") === "true");
  if (!dashboard && hosts.length > 0) {
    report(file, ["machine-list"], "has no dashboard host", 'give one machine  dashboard: "true"');
  }
  const model = kubernetes && parseKubernetes(kubernetes, hosts, dashboard);
  return {
    machines,
    apiServerUrl: model?.apiServerUrl ?? "",
    source: file.value,
    model: new Map<string, ModelValue>([
      [
        "machine",
        new Map<string, ModelValue>([
          ["machine-sku", skus?.value ?? null],
          ["default-machine-properties", defaults?.value ?? null],
          // Templates iterate over a dict by hostname; classes get the list.
          ["machine-list", byHostname(hosts)],
        ]),
      ],
      ...(model ? [["kubernetes", model.model] as const] : []),
    ]),
  };
}

/** What OpenPAI 0.9 fills in for a machine that does not say it. */
function completed(host: ModelObject, defaults: ModelObject | undefined): ModelObject {
  const full = new Map(host);
  const fill = (key: string, value: ModelValue | undefined): void => {
    if (!full.has(key) && value !== undefined) full.set(key, value);
  };
  fill("sshport", defaults?.get("sshport"));
  fill("username", defaults?.get("username"));
  if (!full.has("password") && !full.has("keyfile-path")) {
    fill("password", defaults?.get("password"));
    if (!full.has("password")) fill("keyfile-path", defaults?.get("keyfile-path"));
  }
  fill("nodename", host.get("hostip"));
  fill("docker-data", "/var/lib/docker");
  return full;
}

function checkDefaults(defaults: Section): void {
  needed(defaults, "username");
  needed(defaults, "sshport");
  const [first, second] = ["password", "keyfile-path"].filter((key) => defaults.value.has(key));
  if (first === undefined) report(defaults, [], "needs password or keyfile-path");
  if (second !== undefined) report(defaults, [second], "stands beside password", "keep one of the two");
}

function checkSkus(skus: Section): void {
  for (const name of skus.value.keys()) {
    const sku = neededSection(skus, name);
    if (sku) for (const key of ["mem", "cpu", "os"]) needed(sku, key);
  }
}

function checkHost(host: Section, skus: ModelObject | undefined): void {
  const type = neededText(host, "machine-type");
  if (type !== undefined && skus && !isModelObject(skus.get(type))) {
    report(host, ["machine-type"], `is ${type}, which machine-sku does not have`);
  }
  const role = neededText(host, "k8s-role");
  if (role === "master") needed(host, "etcdid");
  if (host.value.has("pai-master")) needed(host, "zkid");
}
