// Trees of small services to deploy, each in a namespace of its own, and what a test wants to know of the
// cluster. Services and records carry the tree's id, as the cluster is shared; the image is always the same.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import {
  deleteServices,
  refreshServices,
  serviceStatus,
  startServices,
  stopServices,
  type DeployOptions,
  type ServiceStatus,
  type StartServicesOptions,
} from "@pai/actions/deploy";
import { formatError, type ActionEvent } from "@pai/core";
import { importShell } from "./docker.ts";

const run = promisify(execFile);

export const localKubeconfig = path.join(process.env["PAI_LOCAL_HOME"] ?? "/var/lib/pai-local", "kubeconfig");
const registry = "127.0.0.1:5077";
export const localServer = "https://10.77.0.1:6443";
/** Where the registry keeps the image of the services. */
export const imageNamespace = "pai-deploy-test";

export interface DeployTree {
  readonly root: string;
  readonly namespace: string;
  /** In front of every service, as records of services have one name space in a cluster. */
  readonly name: (short: string) => string;
  /** Files by path; `{x}` in paths and texts stands for the name of x, `{ns}` for the namespace. */
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
  /** A service with a DaemonSet of one container and scripts that apply and delete it. */
  readonly addService: (short: string, options?: ServiceOptions) => Promise<void>;
  /** What every action on services takes; nobody hears what it reports. */
  readonly options: (services?: readonly string[]) => DeployOptions;
  readonly start: (services?: readonly string[], options?: Partial<StartServicesOptions>) => Promise<Outcome>;
  readonly stop: (services?: readonly string[]) => Promise<Outcome>;
  readonly delete: (services?: readonly string[]) => Promise<Outcome>;
  readonly refresh: (services?: readonly string[]) => Promise<Outcome>;
  readonly status: (services?: readonly string[]) => Promise<ServiceStatus[]>;
  readonly kubectl: (...argv: string[]) => Promise<string>;
  /** uids of the pods of a service, sorted. */
  readonly podUids: (short: string) => Promise<string[]>;
  readonly remove: () => Promise<void>;
}

interface ServiceOptions {
  readonly needs?: readonly string[];
  /** Of the container; runs until it is ended by default. */
  readonly command?: string;
  readonly image?: string;
  /** More of the container, as YAML in one line: `env: [...]`. */
  readonly container?: string;
  /** More lines of service.yaml. */
  readonly settings?: string;
  readonly startScript?: string;
}

/** What a run said, and how it ended. */
export interface Outcome {
  readonly events: readonly ActionEvent[];
  readonly errors: readonly Error[];
  /** Per service, without the tree's id: `changed`, `unchanged`, `failed` or `skipped`, in the order of the end. */
  readonly services: Readonly<Record<string, string>>;
  /** Why services were not ready, as it was told. */
  readonly waiting: readonly string[];
}

export function textOf({ errors }: Outcome): string {
  return errors.map(formatError).join("\n");
}

const prefixKeys = "cluster_cfg['cluster']['docker-registry']";

export async function makeDeployTree(): Promise<DeployTree> {
  const id = `t${randomBytes(4).toString("hex")}`;
  const root = await mkdtemp(path.join(tmpdir(), "pai-deploy-"));
  const name = (short: string): string => `${id}-${short}`;
  const fill = (text: string): string =>
    text.replaceAll("{ns}", id).replaceAll(/(?<![{$\w])\{([a-z-]+)\}/g, (_, short: string) => name(short));
  const kubectl = async (...argv: string[]): Promise<string> => {
    const env = { ...process.env, KUBECONFIG: localKubeconfig };
    return (await run("kubectl", argv, { env })).stdout;
  };
  const write = async (files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [file, text] of Object.entries(files)) {
      const target = path.join(root, fill(file));
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, fill(text));
      if (file.endsWith(".sh")) await chmod(target, 0o755);
    }
  };
  await write({
    "configuration/layout.yaml": `kubernetes: {api-servers-url: "${localServer}"}
machine-sku: {S: {mem: 1, cpu: {vcore: 1}}}
machine-list:
- {hostname: pai-local, hostip: 10.77.0.1, machine-type: S, k8s-role: master, pai-master: "true", pai-worker: "true"}
`,
    "configuration/services-configuration.yaml": `cluster:
  docker-registry: {domain: "${registry}", namespace: ${imageNamespace}, tag: "1", secret-name: none}
`,
  });
  const remove = async (): Promise<void> => {
    const records = (await kubectl("get", "configmap,secret,lease", "-n", "default", "-o", "name")).split(
      "\n",
    );
    const own = records.filter(
      (record) => /\/pai-(?:service|history)-/.test(record) && record.includes(`-${id}-`),
    );
    if (own.length > 0) await kubectl("delete", "-n", "default", ...own);
    await kubectl("delete", "namespace", id, "--wait=false");
    await rm(root, { recursive: true, force: true });
  };
  await kubectl("create", "namespace", id);
  try {
    await ensureShell();
  } catch (error) {
    await remove();
    throw error;
  }

  const options = (services?: readonly string[]): DeployOptions => ({
    root,
    configuration: "configuration",
    services: services?.map((short) => name(short)),
    kubeconfig: localKubeconfig,
    timeoutMs: 120_000,
    report: () => {},
    signal: new AbortController().signal,
  });
  const collect = async (work: (report: (event: ActionEvent) => void) => Promise<void>): Promise<Outcome> => {
    const events: ActionEvent[] = [];
    const failure: unknown = await work((event) => events.push(event)).then(
      () => undefined,
      (error: unknown) => error,
    );
    const errors = (failure instanceof AggregateError ? failure.errors : [failure ?? []].flat()) as Error[];
    const waiting = events.flatMap((event) => (event.type === "waiting" ? [event.reason] : []));
    return { events, errors, services: outcomesOf(events, `${id}-`), waiting };
  };

  return {
    root,
    namespace: id,
    name,
    write,
    kubectl,
    options,
    addService: (short, service = {}) => write(serviceFiles(short, service)),
    start: (services, more) =>
      collect((report) => startServices({ ...options(services), withPrerequisites: true, report, ...more })),
    stop: (services) => collect((report) => stopServices({ ...options(services), report })),
    delete: (services) => collect((report) => deleteServices({ ...options(services), report })),
    refresh: (services) =>
      collect((report) => refreshServices({ ...options(services), withPrerequisites: false, report })),
    status: (services) => serviceStatus(options(services)),
    podUids: async (short) => {
      const selector = `app=${name(short)}`;
      const uids = await kubectl(
        "get",
        "pods",
        "-n",
        id,
        "-l",
        selector,
        "-o",
        "jsonpath={.items[*].metadata.uid}",
      );
      return uids.split(" ").toSorted();
    },
    remove,
  };
}

function serviceFiles(short: string, options: ServiceOptions): Record<string, string> {
  const { needs = [], command = "sleep 100000", container = "", settings = "" } = options;
  const image = options.image ?? `{{ ${prefixKeys}['prefix'] }}box:{{ ${prefixKeys}['tag'] }}`;
  const deploy = `src/{${short}}/deploy`;
  return {
    [`${deploy}/service.yaml`]: `prerequisite: [${needs.map((need) => `"{${need}}"`).join(", ")}]
template-list: [${short}.yaml]
start-script: start.sh
stop-script: stop.sh
delete-script: delete.sh
refresh-script: start.sh
${settings}
`,
    [`${deploy}/${short}.yaml.template`]: `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: "{${short}}"
  namespace: {ns}
spec:
  selector: {matchLabels: {app: "{${short}}"}}
  template:
    metadata: {labels: {app: "{${short}}"}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: main
        image: ${image}
        command: [sh, -c, ${JSON.stringify(command)}]
        ${container}
`,
    [`${deploy}/start.sh`]:
      options.startScript ??
      `cd "$(dirname "$0")" || exit
kubectl apply -f ${short}.yaml || exit $?
`,
    [`${deploy}/stop.sh`]: `cd "$(dirname "$0")" || exit
kubectl delete --ignore-not-found -f ${short}.yaml || exit $?
`,
    [`${deploy}/delete.sh`]: `cd "$(dirname "$0")" && bash stop.sh && echo "data of ${short} deleted"
`,
  };
}

/** An image with a shell at `registry/imageNamespace/box:1`. */
async function ensureShell(): Promise<void> {
  const { ok } = await fetch(`http://${registry}/v2/${imageNamespace}/box/manifests/1`, {
    method: "HEAD",
    headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
  });
  if (ok) return;
  const repository = `${registry}/${imageNamespace}/box`;
  await importShell(repository);
  await run("docker", ["push", `${repository}:1`]);
  await run("docker", ["rmi", "-f", `${repository}:1`]);
}

function outcomesOf(events: readonly ActionEvent[], prefix: string): Record<string, string> {
  const entries = events.flatMap((event): [string, string][] => {
    if (event.type === "finished") return [[event.service, event.outcome]];
    return event.type === "failed" || event.type === "skipped" ? [[event.service, event.type]] : [];
  });
  return Object.fromEntries(entries.map(([service, what]) => [service.replace(prefix, ""), what]));
}
