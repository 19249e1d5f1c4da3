// A complete configuration folder from a short list of machines.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import path from "node:path";
import { nearMisses, PaiError } from "@pai/core";
import {
  formatModelYaml,
  isModelList,
  isModelObject,
  parseYaml,
  readCluster,
  type ModelObject,
  type ModelValue,
} from "@pai/model";

/** What the files are made of. The first machine is the master; a single one is a worker, too. */
export interface ClusterSketch {
  readonly machines: readonly SketchedMachine[];
  readonly apiServerUrl: string;
  readonly clusterId: string;
  readonly dataPath: string;
  readonly serviceRange: string;
  readonly registry: {
    readonly domain: string;
    readonly namespace: string;
    readonly tag: string;
    readonly secretName: string;
  };
}

interface SketchedMachine {
  readonly hostname: string;
  readonly address: string;
}

/** Settings of the input file, which are those of the flags. */
const sketchKeys = [
  "machines",
  "api-server-url",
  "cluster-id",
  "data-path",
  "service-cluster-ip-range",
  "registry",
  "registry-namespace",
  "registry-tag",
  "registry-secret-name",
] as const;
type SketchKey = (typeof sketchKeys)[number];
export type SketchSettings = Readonly<Partial<Record<Exclude<SketchKey, "machines">, string | undefined>>> & {
  readonly machines?: readonly string[] | undefined;
};

// What OpenPAI's short list has for its installation over ssh, which is no business of ours.
const sshKeys = ["ssh-username", "ssh-password", "ssh-keyfile-path", "ssh-secret-name", "ssh-port", "dns"];

/** Reads the short list; keys that belong to OpenPAI's ssh are passed over. Throws CONFIG_INVALID. */
export async function readSketchFile(root: string, file: string): Promise<SketchSettings> {
  const text = await readFile(path.resolve(root, file), "utf8").catch((cause: unknown) => {
    throw new PaiError("CONFIG_INVALID", `the machine list ${file} cannot be read`, { cause });
  });
  const { value, locate } = parseYaml(text, file);
  if (!isModelObject(value)) throw new PaiError("CONFIG_INVALID", `${file} must hold a map with machines`);
  const settings: Record<string, string | readonly string[]> = {};
  for (const [key, setting] of value) {
    if (sshKeys.includes(key)) continue;
    if (!(sketchKeys as readonly string[]).includes(key)) {
      const [near] = nearMisses(key, sketchKeys);
      throw new PaiError("CONFIG_INVALID", `${file}: "${key}" is not known`, {
        location: locate([key]),
        hint: near === undefined ? `known are ${sketchKeys.join(", ")}` : `did you mean "${near}"?`,
      });
    }
    settings[key] = key === "machines" ? machineTexts(setting) : String(setting as string);
  }
  return settings;
}

/** `10.0.0.1`, `m1=10.0.0.1`, or a map with hostname and hostip. */
function machineTexts(value: ModelValue): readonly string[] {
  if (!isModelList(value)) return [];
  return value.map((machine) => {
    if (!isModelObject(machine)) return String(machine as string);
    const [hostname, hostip] = ["hostname", "hostip"].map((key) =>
      String((machine.get(key) ?? "") as string),
    );
    return `${hostname}=${hostip}`;
  });
}

/** Throws USAGE for machines that cannot be read. Without a name, a machine is named after its address. */
export function sketchCluster(settings: SketchSettings): ClusterSketch {
  const machines = (settings.machines ?? []).map(parseMachine);
  const [master] = machines;
  if (!master)
    throw new PaiError("USAGE", "there is no machine", { hint: "--machines m1=10.0.0.1 w1=10.0.0.2" });
  for (const key of ["hostname", "address"] as const) {
    const twice = machines.find(
      (machine, index) => machines.findIndex((other) => other[key] === machine[key]) < index,
    );
    if (twice) throw new PaiError("USAGE", `two machines have the ${key} ${twice[key]}`);
  }
  return {
    machines,
    apiServerUrl: settings["api-server-url"] ?? `https://${master.address}:6443`,
    clusterId: settings["cluster-id"] ?? "pai",
    dataPath: settings["data-path"] ?? "/datastorage",
    serviceRange: settings["service-cluster-ip-range"] ?? "10.254.0.0/16",
    registry: {
      domain: settings.registry ?? "public",
      namespace: settings["registry-namespace"] ?? "pai",
      tag: settings["registry-tag"] ?? "latest",
      secretName: settings["registry-secret-name"] ?? "pai-secret",
    },
  };
}

function parseMachine(text: string): SketchedMachine {
  const [hostname, address] = text.includes("=") ? text.split("=", 2) : [text, text];
  if (hostname && address && isIP(address) !== 0) return { hostname, address };
  throw new PaiError("USAGE", `"${text}" is no machine`, { hint: "write its name and address: m1=10.0.0.1" });
}

const map = (entries: Readonly<Record<string, ModelValue>>): ModelObject => new Map(Object.entries(entries));

/** By file name. */
export function formatConfiguration(sketch: ClusterSketch): ReadonlyMap<string, string> {
  const { machines, apiServerUrl, clusterId, dataPath, serviceRange, registry } = sketch;
  const [master = { hostname: "", address: "" }] = machines;
  const layout = map({
    kubernetes: map({ "api-servers-url": apiServerUrl, "dashboard-url": `https://${master.address}:9090` }),
    "machine-sku": map({ GENERIC: map({ mem: "1Gi", cpu: map({ vcore: 1 }) }) }),
    "machine-list": machines.map(({ hostname, address }, index) =>
      map({
        hostname,
        nodename: hostname,
        hostip: address,
        "machine-type": "GENERIC",
        "k8s-role": index === 0 ? "master" : "worker",
        ...(index === 0 ? { "pai-master": "true" } : {}),
        ...(index > 0 || machines.length === 1 ? { "pai-worker": "true" } : {}),
      }),
    ),
  });
  const services = map({
    cluster: map({
      common: map({ "cluster-id": clusterId, "data-path": dataPath }),
      "docker-registry": map({
        domain: registry.domain,
        namespace: registry.namespace,
        tag: registry.tag,
        "secret-name": registry.secretName,
      }),
    }),
  });
  const kubernetes = map({ kubernetes: map({ "service-cluster-ip-range": serviceRange }) });
  return new Map([
    [
      "layout.yaml",
      `# The machines of the cluster; nodename is the name that Kubernetes has for one.
# Correct machine-sku: a service may ask for memory and processors by it.
${formatModelYaml(layout)}`,
    ],
    [
      "services-configuration.yaml",
      `# What this cluster sets for its services; everything else keeps the defaults of src/<service>/config.
# A registry that asks for a password gets username and password: \${env:NAME} beside domain.
${formatModelYaml(services)}`,
    ],
    [
      "kubernetes-configuration.yaml",
      `# How the cluster was made; templates see it as cluster_cfg['kubernetes'].\n${formatModelYaml(kubernetes)}`,
    ],
  ]);
}

export interface WrittenFile {
  /** As the user would write it. */
  readonly file: string;
  readonly outcome: "written" | "kept";
}

/** What an editor needs to know the file's keys; the tree's own schemas, or those that came with pai. */
function schemaLine(
  name: string,
  { root, folder }: { readonly root: string; readonly folder: string },
): string {
  const file = name.replace(/\.yaml$/, ".schema.json");
  const homes = [root, path.resolve(import.meta.dirname, "../../../..")];
  const schema = homes.map((home) => path.join(home, "docs/schemas", file)).find((each) => existsSync(each));
  if (schema === undefined) return "";
  const relative = path.relative(path.resolve(root, folder), schema).split(path.sep).join("/");
  return `# yaml-language-server: $schema=${relative}\n`;
}

/** Existing files stay unless forced; new ones name their JSON Schema. */
export async function writeNewFiles(
  texts: ReadonlyMap<string, string>,
  where: { readonly root: string; readonly folder: string; readonly force: boolean },
): Promise<readonly WrittenFile[]> {
  const { root, folder, force } = where;
  await mkdir(path.resolve(root, folder), { recursive: true });
  const written: WrittenFile[] = [];
  for (const [name, text] of texts) {
    const file = path.join(folder, name);
    const absolute = path.resolve(root, file);
    const keep = existsSync(absolute) && !force;
    if (!keep) await writeFile(absolute, `${schemaLine(name, where)}${text}`);
    written.push({ file, outcome: keep ? "kept" : "written" });
  }
  return written;
}

/** Writes the folder and reads it back, so that a kept file that does not fit is named. */
export async function generateConfiguration(options: {
  readonly root: string;
  readonly folder: string;
  readonly sketch: ClusterSketch;
  readonly force: boolean;
}): Promise<readonly WrittenFile[]> {
  const { root, folder, sketch } = options;
  const written = await writeNewFiles(formatConfiguration(sketch), options);
  await readCluster({ root, directory: folder });
  return written;
}
