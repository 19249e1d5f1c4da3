// How soon a service that will not become ready is told so, beside kubectl's own waits for the same objects:
//   node tools/bench/src/causes.ts     (the local stack is up, and its registry has the test image: npm test)
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { connectCluster, waitUntilReady, type ClusterConnection } from "@pai/kubernetes";
import {
  boxImage,
  failingServices,
  guardedRegistry,
  type FailingService,
} from "../../../test/support/failing-services.ts";
import { startGuardedRegistry } from "../../../test/support/registry.ts";

const run = promisify(execFile);
const image = process.env["BENCH_IMAGE"] ?? "127.0.0.1:5077/pai-deploy-test/box:1";
const limitSeconds = 120;

interface Item {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

function objectsOf({ name, objects }: FailingService, namespace: string): Item[] {
  const text = JSON.stringify(objects(`${namespace}-${name}`, namespace));
  const filled = text
    .replaceAll(`"${boxImage}"`, JSON.stringify(image))
    .replaceAll(guardedRegistry, guarded.host);
  return JSON.parse(filled) as Item[];
}

const seconds = (since: number): number => (performance.now() - since) / 1000;

/** Of kubectl's own wait, with what it said. */
async function kubectlTime({ kind, metadata }: Item): Promise<string> {
  const since = performance.now();
  const place = ["-n", metadata.namespace ?? "default", `--timeout=${limitSeconds}s`];
  const argv =
    kind === "Job"
      ? ["wait", "--for=condition=complete", `job/${metadata.name}`, ...place]
      : ["rollout", "status", `${kind.toLowerCase()}/${metadata.name}`, ...place];
  const saidReady = await run("kubectl", argv).then(
    () => true,
    () => false,
  );
  const took = seconds(since);
  if (took > limitSeconds - 1) return `nothing in ${limitSeconds} s`;
  return `${took.toFixed(1)} s${saidReady ? ", says it is ready" : ""}`;
}

async function ourTime(connection: ClusterConnection, items: readonly Item[]): Promise<string> {
  const since = performance.now();
  await waitUntilReady({
    ...connection,
    service: "bench",
    targets: items.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, ...metadata })),
    since: new Date(connection.now().getTime() - 5000),
    timeoutMs: limitSeconds * 1000,
    failFast: { mode: "on", pods: 0, afterMs: 0 },
    isComing: () => false,
    signal: new AbortController().signal,
    onWaiting: () => {},
    mask: (text) => text,
  }).catch(() => {});
  return `${seconds(since).toFixed(1)} s`;
}

const guarded = await startGuardedRegistry();
const folder = await mkdtemp(path.join(tmpdir(), "pai-bench-"));

async function kubectlApply(name: string, items: readonly object[]): Promise<void> {
  const file = path.join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await run("kubectl", ["apply", "-f", file]);
}

/** All of them at once, in namespaces of their own. */
async function timesOf(
  measure: (items: readonly Item[]) => Promise<string>,
): Promise<{ readonly name: string; readonly kind: string; readonly time: string }[]> {
  const namespace = `bench-${randomBytes(3).toString("hex")}`;
  const before = failingServices.flatMap(
    (each) => each.before?.(`${namespace}-${each.name}`, namespace) ?? [],
  );
  try {
    await run("kubectl", ["create", "namespace", namespace]);
    await kubectlApply("before", before);
    const services = failingServices.map((each) => ({ ...each, items: objectsOf(each, namespace) }));
    await kubectlApply(
      "all",
      services.flatMap(({ items }) => items),
    );
    return await Promise.all(
      services.map(async ({ name, items }) => ({
        name,
        kind: items.at(-1)?.kind ?? "",
        time: await measure(items),
      })),
    );
  } finally {
    await run("kubectl", [
      "delete",
      "namespace",
      "-l",
      `parent=${namespace}`,
      "--wait=false",
      "--ignore-not-found",
    ]);
    await run("kubectl", ["delete", "namespace", namespace, "--wait=false", "--ignore-not-found"]);
    await run("kubectl", ["delete", "-f", path.join(folder, "before.json"), "--ignore-not-found"]);
  }
}

const connection = await connectCluster({
  env: process.env,
  home: homedir(),
  signal: new AbortController().signal,
});
try {
  const ours = await timesOf((items) => ourTime(connection, items));
  const others = await timesOf((items) => kubectlTime(items.at(-1) as Item));
  process.stdout.write("| failure | kind | paictl | kubectl |\n| --- | --- | --- | --- |\n");
  for (const [index, { name, kind, time }] of ours.entries())
    process.stdout.write(`| ${name} | ${kind} | ${time} | ${others[index]?.time} |\n`);
} finally {
  await connection.close();
  await guarded.stop();
  await rm(folder, { recursive: true, force: true });
}
