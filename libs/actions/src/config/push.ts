import path from "node:path";
import { createMask, PaiError, type Report } from "@pai/core";
import type { Objects } from "@pai/kubernetes";
import { readCluster, type Cluster } from "@pai/model";
import { chooseClusterId, confirmClusterId, noId, type IdConfirmation } from "./cluster-id.ts";
import { readConfigurationTexts, type ConfigurationTexts } from "./files.ts";
import { parseExternalStorage, readExternalStorageFile, withExternalStorage } from "./source.ts";
import {
  mergePushed,
  readClusterId,
  readExternalStorage,
  readPushed,
  writeClusterId,
  writeExternalStorage,
} from "./store.ts";
import { withCluster, type ClusterSelection } from "../deploy/run.ts";

export interface PushOptions extends ClusterSelection, IdConfirmation {
  readonly root: string;
  /** `stored`: what the cluster's external storage configuration names, else the folder `configuration`. */
  readonly source:
    | { readonly from: "folder"; readonly folder: string }
    | { readonly from: "external"; readonly file: string }
    | { readonly from: "stored" };
  /** `service` leaves the files of Kubernetes itself where they are. */
  readonly mode: "all" | "service";
}

export interface PushResult {
  readonly clusterId: string;
  readonly files: readonly {
    readonly name: string;
    readonly outcome: "added" | "changed" | "unchanged" | "kept";
  }[];
}

const serviceFiles: ReadonlySet<string> = new Set([
  "layout.yaml",
  "cluster-configuration.yaml",
  "services-configuration.yaml",
]);

/** Merges the configuration into what the cluster has; a file that is only there stays. */
export function pushConfiguration(options: PushOptions): Promise<PushResult> {
  return withSource(options, async (folder) => {
    const cluster = await readCluster({ root: options.root, directory: folder });
    const all = await readConfigurationTexts(path.resolve(options.root, folder));
    const texts = new Map([...all].filter(([name]) => options.mode === "all" || serviceFiles.has(name)));
    warnAboutSecrets(texts, cluster, options.report);
    // The id is asked for and compared here, as a push is what gives a cluster its id.
    return withCluster(options, { apiServerUrl: cluster.apiServerUrl }, ({ objects }) =>
      push(objects, texts, cluster, options),
    );
  });
}

async function push(
  objects: Objects,
  texts: ConfigurationTexts,
  { clusterId: proposed }: Cluster,
  options: PushOptions,
): Promise<PushResult> {
  const { id, isNew } = await chooseClusterId(objects, { ...options, proposed });
  if (!isNew && proposed !== id) {
    const message = `cluster.common.cluster-id of the configuration is "${proposed}"; the cluster keeps its id "${id}"`;
    options.report({ type: "warning", message });
  }
  const before = (await readPushed(objects))?.texts ?? new Map<string, string>();
  await mergePushed(objects, texts);
  if (isNew) await writeClusterId(objects, id);
  const names = [...new Set([...texts.keys(), ...before.keys()])];
  return { clusterId: id, files: names.map((name) => ({ name, outcome: outcomeOf(name, texts, before) })) };
}

function outcomeOf(
  name: string,
  texts: ConfigurationTexts,
  before: ConfigurationTexts,
): PushResult["files"][number]["outcome"] {
  if (!texts.has(name)) return "kept";
  if (!before.has(name)) return "added";
  return texts.get(name) === before.get(name) ? "unchanged" : "changed";
}

async function withSource<T>(options: PushOptions, work: (folder: string) => Promise<T>): Promise<T> {
  const { source, root } = options;
  if (source.from === "folder") return work(source.folder);
  const name = source.from === "external" ? source.file : "ConfigMap pai-external-storage-conf";
  const text =
    source.from === "external"
      ? await readExternalStorageFile(root, source.file)
      : await withCluster(options, { apiServerUrl: undefined }, ({ objects }) =>
          readExternalStorage(objects),
        );
  if (text === undefined) return work("configuration");
  return withExternalStorage(parseExternalStorage(text, name), options, work);
}

function warnAboutSecrets(texts: ConfigurationTexts, { secrets }: Cluster, report: Report): void {
  const mask = createMask(secrets);
  const clear = [...texts].filter(([, text]) => mask(text) !== text).map(([name]) => name);
  if (clear.length === 0) return;
  report({
    type: "warning",
    message:
      `${clear.join(" and ")} ${clear.length === 1 ? "holds" : "hold"} passwords in clear text, and whoever may read ` +
      "ConfigMaps of the namespace default will see them; ${env:NAME} and ${file:path} keep them out",
  });
}

/** Throws CONFIG_INVALID when no configuration was pushed yet. */
export function readClusterIdOf(options: ClusterSelection): Promise<string> {
  return withCluster(options, { apiServerUrl: undefined }, async ({ objects }) => {
    const id = await readClusterId(objects);
    if (id === undefined) throw noId();
    return id;
  });
}

/** The pushed configuration. Throws CONFIG_INVALID when there is none. */
export function pullConfiguration(options: ClusterSelection & IdConfirmation): Promise<ConfigurationTexts> {
  return withCluster(options, { apiServerUrl: undefined }, async ({ objects }) => {
    await confirmClusterId(objects, options);
    const pushed = await readPushed(objects);
    if (pushed) return pushed.texts;
    throw new PaiError("CONFIG_INVALID", "no configuration was pushed to the cluster", {
      hint: "paictl config push -p configuration",
    });
  });
}

/** Remembers in the cluster where pushes take the configuration from. */
export async function updateExternalStorage(
  options: ClusterSelection & IdConfirmation & { readonly root: string; readonly file: string },
): Promise<void> {
  const text = await readExternalStorageFile(options.root, options.file);
  parseExternalStorage(text, options.file);
  await withCluster(options, { apiServerUrl: undefined }, async ({ objects }) => {
    await confirmClusterId(objects, options);
    await writeExternalStorage(objects, text);
  });
}
