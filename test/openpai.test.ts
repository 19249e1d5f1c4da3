// One small tree per generation of OpenPAI, with the habits of each: it loads, renders and runs unchanged.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { buildServices, pushServices } from "@pai/actions/build";
import { readConfiguration } from "@pai/actions/config";
import { deleteServices, serviceStatus, startServices, stopServices } from "@pai/actions/deploy";
import type { ActionEvent } from "@pai/core";
import { formatModelJson, readServices, type Cluster, type ModelValue } from "@pai/model";
import { renderService } from "@pai/render";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runCommand } from "./support/cli.ts";
import { localKubeconfig } from "./support/cluster.ts";

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, "..");

interface Tree {
  readonly root: string;
  readonly events: readonly ActionEvent[];
  readonly cluster: Cluster;
  /** Every rendered file by `service/name`. */
  readonly files: ReadonlyMap<string, string>;
}

beforeAll(() => {
  process.env["DEMO_REGISTRY_PASSWORD"] = "example-registry-18";
});

/** A copy of the fixture, removed after the test. */
async function openTree(version: string): Promise<Tree> {
  const root = await mkdtemp(path.join(tmpdir(), `pai-openpai-${version}-`));
  onTestFinished(() => rm(root, { recursive: true }));
  await cp(path.join(repository, "test/fixtures", `openpai-${version}`), root, { recursive: true });
  const events: ActionEvent[] = [];
  const cluster = await readConfiguration({
    root,
    configuration: "configuration",
    report: (event) => events.push(event),
    signal: AbortSignal.timeout(60_000),
  });
  const services = [...(await readServices(root)).values()].filter(({ deploy }) => deploy !== undefined);
  const rendered = await Promise.all(
    services.map(async (service) => {
      const files = await renderService({ root, service, cluster });
      return files.map(({ name, text }) => [`${service.name}/${name}`, text] as const);
    }),
  );
  return { root, events, cluster, files: new Map(rendered.flat()) };
}

function at(cluster: Cluster, ...keys: string[]): unknown {
  const value = keys.reduce<ModelValue | undefined>(
    (inner, key) => (inner instanceof Map ? (inner as ReadonlyMap<string, ModelValue>).get(key) : undefined),
    cluster.model,
  );
  return value === undefined ? undefined : (JSON.parse(formatModelJson(value)) as unknown);
}

/** Builds, pushes, starts, starts again, stops and deletes one service of the tree. */
async function liveThrough(
  root: string,
  service: string,
  images: readonly string[],
  builder = service,
): Promise<string[]> {
  const report = (event: ActionEvent): void => {
    if (event.type === "warning") outcomes.push(event.message);
    if (event.type === "finished")
      outcomes.push(`${event.action} ${event.image ?? event.service}: ${event.outcome}`);
  };
  const outcomes: string[] = [];
  const options = {
    root,
    configuration: "configuration",
    services: [service],
    kubeconfig: localKubeconfig,
    timeoutMs: 120_000,
    report,
    signal: AbortSignal.timeout(240_000),
  };
  onTestFinished(async () => {
    const own = (await run("docker", ["images", "--format", "{{.Repository}}:{{.Tag}}"])).stdout.split("\n");
    const isMade = (name: string): boolean =>
      images.some((image) => name.includes(`/openpai-v`) && name.includes(`/${image}:`));
    const made = own.filter((name) => isMade(name) && !name.endsWith(":<none>"));
    if (made.length > 0) await run("docker", ["rmi", "-f", ...made]);
  });
  const start = { ...options, withPrerequisites: false };
  await buildServices({ ...options, services: [builder] });
  await pushServices({ ...options, services: [builder] });
  outcomes.length = 0;
  await startServices(start);
  await startServices(start);
  const states = await serviceStatus(options);
  outcomes.push(`status: ${states.map(({ state }) => state).join()}`);
  await stopServices(options);
  await deleteServices(options);
  return outcomes;
}

const lifeOf = (service: string): string[] => [
  `start ${service}: changed`,
  `start ${service}: unchanged`,
  "status: ready",
  `stop ${service}: changed`,
  `delete ${service}: changed`,
];

describe("v0.9", () => {
  test("loads from cluster-configuration.yaml, and its classes run", async () => {
    const { cluster, events } = await openTree("v0.9");
    expect(events).toEqual([]);
    expect(cluster).toMatchObject({ clusterId: "demo-9", apiServerUrl: "https://10.77.0.1:6443" });
    expect(cluster.registry.prefix).toBe("127.0.0.1:5077/openpai-v09/");
    expect(at(cluster, "cluster", "docker-registry")).toMatchObject({
      username: null,
      base64code: "e30=",
      credential: "{}",
    });
    expect(at(cluster, "webportal", "plugins")).toBe(
      '[["Docs", "http://docs.example/"], ["Plots", "http://plots.example/view?theme=dark%20blue&size=1&size=2"]]',
    );
    expect(at(cluster, "node-exporter")).toEqual({ port: 9100 });
    expect(formatModelJson(cluster.model.get("job-exit-spec") ?? null)).toContain('"weight": 40.0');
    expect(at(cluster, "job-exit-spec", "spec")).toMatchObject([
      {},
      { mask: 420, minutes: 90, phrase: true },
    ]);
    expect(cluster.secrets.toSorted()).toEqual(["change-me-9", "example-9-password", "example-jwt-secret"]);
  });

  test("renders machines as a dict, and what is undefined as nothing", async () => {
    const { files } = await openTree("v0.9");
    expect(files.get("cluster-configuration/host-configuration.yaml")).toBe(`pai-local:
    ip: 10.77.0.1
    machinetype: SMALL
    zkid: 1
    pai-master: cluster_cfg['machine']['machine-list'][host]['pai-master']
`);
    expect(files.get("rest-server/rest-server.yaml")).toContain('  zk: "10.77.0.1:2181"\n');
    expect(files.get("rest-server/rest-server.yaml")).toMatch(/ {2}hdfs: $/);
    expect(files.get("node-exporter/stop.sh")).not.toContain("machinelist");
  });

  test("runs", async () => {
    const { root } = await openTree("v0.9");
    expect(await liveThrough(root, "node-exporter", ["base-image", "node-exporter"])).toEqual(
      lifeOf("node-exporter"),
    );
    expect(await readdir(path.join(root, "src/node-exporter/deploy"))).not.toContain("stop.sh");
  });

  test("runs with a manifest of removed API versions and the helpers of its scripts", async () => {
    const { root } = await openTree("v0.9");
    const images = ["base-image", "node-exporter"];
    const outcomes = await liveThrough(root, "rest-server", images, "node-exporter");
    expect(outcomes.filter((line) => /^[a-z]+(?: rest-server)?: /.test(line))).toEqual(lifeOf("rest-server"));
    expect(outcomes).toContain(
      "Deployment rest-server-v09: Kubernetes serves extensions/v1beta1 no more; the rendered copy has apps/v1",
    );
  });
});

describe("v0.14", () => {
  test("loads from layout.yaml, and TypeScript stands in for Python where there are both", async () => {
    const { cluster, events } = await openTree("v0.14");
    expect(events).toEqual([]);
    expect(at(cluster, "log-manager")).toEqual({ port: 9103, levels: ["info"] });
    expect(at(cluster, "rest-server")).toEqual({
      "etcd-uris": null,
      "debugging-reservation-seconds": 604800,
      uri: "http://10.77.0.1:9186",
    });
    expect(at(cluster, "hadoop-resource-manager", "virtualClusters", "default")).toEqual({
      capacity: 40,
      half: 5,
    });
  });

  test("renders floats and lists as Python prints them, and only what template-list names", async () => {
    const { files } = await openTree("v0.14");
    const scheduler = "hadoop-resource-manager/hadoop-resource-manager-configuration/capacity-scheduler.xml";
    expect(files.get(scheduler)).toContain("<value>default,vc1</value>");
    expect(files.get(scheduler)).toContain("<value>40.0</value>");
    expect(files.get("log-manager/log-manager.yaml")).toContain(`levels: "['info']"`);
    expect(files.get("cluster-configuration/host-configuration.yaml")).toContain("    nodename: pai-local\n");
    expect(files.has("log-manager/log-manager-nginx/nginx.conf")).toBe(false);
  });

  test("runs", async () => {
    const { root } = await openTree("v0.14");
    expect(await liveThrough(root, "log-manager", ["log-manager"])).toEqual(lifeOf("log-manager"));
  });
});

describe("v1.8", () => {
  test("loads without asking docker for the login, and leaves services of yarn out", async () => {
    const { cluster, events } = await openTree("v1.8");
    expect(events).toEqual([]);
    const auth = Buffer.from("demo-user:example-registry-18").toString("base64");
    expect(at(cluster, "cluster", "docker-registry", "credential")).toBe(
      JSON.stringify({ auths: { "127.0.0.1:5077": { auth } } }),
    );
    expect(at(cluster, "alert-manager")).toMatchObject({
      "actions-available": ["webhook-actions", "stop-jobs", "tag-jobs"],
      "alert-handler": { port: 9095, configured: true, "email-configs": { templates: ["general"] } },
    });
    expect(at(cluster, "k8s-dashboard")).toEqual({ "dashboard-host": "10.77.0.1", "dashboard-port": "9090" });
    expect(at(cluster, "hivedscheduler", "structured-config", "physicalCluster", "skuMode")).toBe(420);
    expect(cluster.model.has("yarn-exporter")).toBe(false);
    expect(cluster.secrets).toEqual(
      expect.arrayContaining(["example-registry-18", "example-bearer-token", "mail.example", auth]),
    );
  });

  test("names images after what stands before .common and .k8s", async () => {
    const { root } = await openTree("v1.8");
    const services = await readServices(root);
    const images = [...services.values()].flatMap((service) => service.images.map(({ name }) => name));
    expect(images).toEqual(["alert-handler", "hivedscheduler"]);
  });

  test("renders into shell and manifests alike; what the model lacks is false", async () => {
    const { files } = await openTree("v1.8");
    const manifest = files.get("alert-manager/alert-manager-deployment.yaml");
    expect(manifest).toContain("%NAMESPACE%");
    expect(manifest).not.toContain("nowhere");
    expect(files.get("alert-manager/start.sh")).toContain('echo "at http://10.77.0.1:9093"');
  });

  test("runs, with a manifest that is YAML only after its script's sed", async () => {
    const { root } = await openTree("v1.8");
    expect(await liveThrough(root, "alert-manager", ["alert-handler"])).toEqual(lifeOf("alert-manager"));
  });

  test("config model shows none of its secrets", async () => {
    const { root } = await openTree("v1.8");
    const main = path.join(repository, "tools/paictl/src/main.ts");
    const { code, stdout, stderr } = await runCommand(
      process.execPath,
      [main, "config", "model", "--root", root],
      { cwd: root },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain('pai-bearer-token: "***"');
    expect(stdout).not.toMatch(/example-(?:registry|bearer)|mail\.example|change-me/);
  });
});
