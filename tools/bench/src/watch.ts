// What a wait and a watched status cost while nothing happens:  node tools/bench/src/watch.ts     (the local stack is up)
import { homedir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { connectCluster, waitUntilReady, type KubernetesObject } from "@pai/kubernetes";
import { measureIdleStatus } from "./watch-status.ts";

const seconds = 30;
const controller = new AbortController();
const connection = await connectCluster({ env: process.env, home: homedir(), signal: controller.signal });
const workload: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: `bench-watch-${process.pid}`, namespace: "default" },
  spec: {
    selector: { matchLabels: { app: "bench-watch" } },
    template: {
      metadata: { labels: { app: "bench-watch" } },
      spec: { nodeSelector: { "bench-watch": "none" }, containers: [{ name: "c", image: "none" }] },
    },
  },
};
const live = await connection.objects.apply(workload, { manager: "bench", force: true });
try {
  const waiting = waitUntilReady({
    ...connection,
    service: "bench",
    targets: [{ apiVersion: workload.apiVersion, kind: workload.kind, ...workload.metadata }],
    since: connection.now(),
    timeoutMs: 600_000,
    failFast: { mode: "off" },
    isComing: () => false,
    signal: controller.signal,
    onWaiting: () => {},
    mask: (text) => text,
  }).catch(() => {});
  await sleep(5000);
  const before = process.cpuUsage();
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1000 / seconds / 10;
  const memory = process.memoryUsage().rss / 2 ** 20;
  process.stdout.write(`idle wait: ${share.toFixed(2)} % of a core, ${memory.toFixed(0)} MB\n`);
  const { kind, apiVersion, metadata } = live;
  await connection.objects.remove({ kind, apiVersion, ...metadata, uid: metadata.uid ?? "" });
  controller.abort();
  await waiting;
} finally {
  await connection.close();
}
const { services, percent, memoryMb } = await measureIdleStatus(seconds);
process.stdout.write(
  `idle status --watch of ${services} services: ${percent.toFixed(2)} % of a core, ${memoryMb.toFixed(0)} MB\n`,
);
