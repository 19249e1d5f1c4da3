// What surrounds a start: which cluster, which services, who else is at it, and looking at what runs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ActionEvent } from "@pai/core";
import {
  serviceEvents,
  serviceLogs,
  upgradeServices,
  watchStatus,
  type ServiceStatus,
} from "@pai/actions/deploy";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "./support/cli.ts";
import { localKubeconfig, makeDeployTree, textOf, type DeployTree } from "./support/cluster.ts";

let tree: DeployTree;
beforeEach(async () => {
  tree = await makeDeployTree();
});
afterEach(() => tree.remove());

const main = path.join(import.meta.dirname, "../tools/paictl/src/main.ts");
const target = () => ({
  root: tree.root,
  configuration: "configuration",
  kubeconfig: localKubeconfig,
  report: () => {},
  signal: new AbortController().signal,
});
const paictl = (...argv: string[]) =>
  runCommand(process.execPath, [main, "service", ...argv, "--root", tree.root, "-c", localKubeconfig], {
    cwd: tree.root,
  });

test("another cluster's id stops a command before it changes anything", async () => {
  await tree.addService("a");
  const { code, stderr } = await paictl(
    "start",
    "-p",
    "configuration",
    "--cluster-id",
    `${tree.namespace}-no`,
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /error\[CLUSTER_MISMATCH\]: the id of the cluster \S+ is not "\S+-no": it (is "\S+"|has none)/,
  );
  expect(await tree.status()).toMatchObject([{ state: "not started" }]);
});

test("skipped services are left alone, and dependents come along where they are asked for", async () => {
  await tree.addService("a");
  await tree.addService("b", { needs: ["a"] });
  await tree.addService("c", { needs: ["b"] });
  const skip = [tree.name("a")];
  expect(Object.keys((await tree.start(["c"], { skip })).services)).toEqual(["b", "c"]);
  const all = await tree.start(["b"], { withPrerequisites: false, withDependents: true });
  expect(all.services).toEqual({ b: "unchanged", c: "unchanged" });
});

test("a second run waits for the first one, says for whom, and finds the work done", async () => {
  await tree.addService("a", { command: "sleep 3; touch /ready; sleep 100000", container: readyFile });
  const first = tree.start();
  const told: ActionEvent[] = [];
  await expect.poll(() => leases(), { timeout: 60_000 }).toContain(tree.name("a"));
  const second = await tree.start(undefined, { report: (event) => told.push(event) });
  expect(textOf(await first)).toBe("");
  expect(textOf(second)).toBe("");
  expect(told).toContainEqual({
    type: "waiting",
    service: tree.name("a"),
    reason: expect.stringMatching(/^waits for \S+@\S+, start \(process \d+\), who works on it$/),
    since: expect.stringMatching(/^\d{4}-/),
  });
  expect(told).toContainEqual(expect.objectContaining({ type: "finished", outcome: "unchanged" }));
  expect(await leases()).not.toContain(tree.name("a"));
});

const readyFile = "readinessProbe: {exec: {command: [cat, /ready]}, periodSeconds: 1}";
const leases = (): Promise<string> => tree.kubectl("get", "leases", "-n", "default", "-o", "name");

test("Ctrl-C gives the lease back", async () => {
  await tree.addService("a", { command: "sleep 100000", container: readyFile });
  const argv = ["service", "start", "-p", "configuration", "--root", tree.root, "-c", localKubeconfig];
  const child = spawn(process.execPath, [main, ...argv], { stdio: "ignore" });
  await expect.poll(() => leases(), { timeout: 60_000 }).toContain(tree.name("a"));
  child.kill("SIGINT");
  expect((await once(child, "close"))[0]).toBe(130);
  expect(await leases()).not.toContain(tree.name("a"));
});

test("a run whose lease somebody else has taken ends before it changes anything more", async () => {
  const script = 'sleep 60\ncd "$(dirname "$0")"\nkubectl apply -f a.yaml || exit $?\n';
  await tree.addService("a");
  await tree.write({ "src/{a}/deploy/start.sh": script });
  const run = tree.start();
  await expect.poll(() => leases(), { timeout: 60_000 }).toContain(tree.name("a"));
  const lease = ["lease", "-n", "default", `pai-service-${tree.name("a")}`];
  try {
    await tree.kubectl("patch", ...lease, "--type=merge", "-p", '{"spec":{"holderIdentity":"other"}}');
    const text = textOf(await run);
    expect(text).toContain("LEASE_LOST");
    expect(text).toContain(`the lease pai-service-${tree.name("a")} was lost`);
    expect(await tree.kubectl("get", "daemonsets", "-n", tree.namespace, "-o", "name")).toBe("");
    expect(await tree.kubectl("get", ...lease, "-o", "jsonpath={.spec.holderIdentity}")).toBe("other");
    expect(await tree.status()).toMatchObject([{ state: "not started" }]);
  } finally {
    await tree.kubectl("delete", ...lease);
  }
});

test("an upgrade runs the upgraded-script of what runs, and waits; what does not run is started", async () => {
  const settings = "upgraded-script: upgrade.sh";
  await tree.addService("a", { settings });
  await tree.write({
    "src/{a}/deploy/upgrade.sh": 'echo upgrading\ncd "$(dirname "$0")"\nkubectl apply -f a.yaml || exit $?\n',
  });
  const outputs: string[] = [];
  const upgrade = () =>
    upgradeServices({
      ...target(),
      withPrerequisites: false,
      report: (event) => event.type === "output" && outputs.push(event.line),
    });
  await upgrade();
  expect(outputs).not.toContain("upgrading");
  await tree.addService("a", { settings, command: "sleep 99999" });
  await upgrade();
  expect(outputs).toContain("upgrading");
  expect((await tree.start()).services).toEqual({ a: "unchanged" });
});

test("status shows images, and what a start would change; it follows changes until it is stopped", async () => {
  await tree.addService("a");
  await tree.start();
  expect(await tree.status()).toMatchObject([
    { state: "ready", images: [expect.stringMatching(/box:1@sha256:[0-9a-f]{64}$/)] },
  ]);
  await tree.addService("a", { command: "sleep 99999" });
  expect(await tree.status()).toMatchObject([
    { state: "outdated", reasons: ["the tree or the configuration changed after the start"] },
  ]);
  expect((await paictl("status", "-p", "configuration", "--format", "json")).code).toBe(1);
  const controller = new AbortController();
  const seen: (readonly ServiceStatus[])[] = [];
  let deleted: Promise<string> | undefined;
  const watching = watchStatus({
    ...target(),
    signal: controller.signal,
    onChange: (rows) => {
      seen.push(rows);
      if (seen.length === 1)
        deleted = tree.kubectl("delete", "daemonset", "-n", tree.namespace, tree.name("a"));
      // In between, a list may still have what is gone already.
      else if (rows[0]?.state === "not ready") controller.abort();
    },
  });
  await expect(watching).rejects.toThrow("aborted");
  await deleted;
  expect(seen.at(-1)).toMatchObject([{ state: "not ready" }]);
});

test("logs of a service that restarted, from before and now, and what the cluster knows of it", async () => {
  const secret = "hunter2-secret";
  await tree.write({
    "configuration/services-configuration.yaml": (
      await readFile(path.join(tree.root, "configuration/services-configuration.yaml"), "utf8")
    ).concat(`mine: {password: ${secret}}\n`),
  });
  await tree.addService("a", {
    command: `echo password ${secret}; sleep 1; exit 3`,
    settings: "fail-fast: off",
  });
  await tree.start(undefined, { timeoutMs: 8000 });
  const previousLines = async (): Promise<string[]> => {
    const lines: string[] = [];
    const onLine = ({ container, text }: { container: string; text: string }): void =>
      void lines.push(`${container}: ${text}`);
    await serviceLogs({ ...target(), follow: false, previous: true, onLine });
    return lines;
  };
  // While the next try begins, the node has removed the last one and has no log of it.
  await expect.poll(previousLines, { timeout: 60_000, interval: 1000 }).toEqual(["main: password ***"]);
  const backOff = { type: "Warning", reason: "BackOff", service: tree.name("a") };
  // The first restart comes at once; the node backs off from the next one.
  await expect
    .poll(() => serviceEvents(target()), { timeout: 60_000, interval: 1000 })
    .toContainEqual(expect.objectContaining(backOff));
});

test("logs follow a pod that comes later", async () => {
  await tree.addService("a", { command: "echo hello from $HOSTNAME; sleep 100000" });
  await tree.start();
  const controller = new AbortController();
  const pods = new Set<string>();
  const following = serviceLogs({
    ...target(),
    follow: true,
    previous: false,
    signal: controller.signal,
    onLine: ({ pod }) => {
      pods.add(pod);
      if (pods.size === 1) void tree.kubectl("delete", "pod", "-n", tree.namespace, "--all", "--wait=false");
      else controller.abort();
    },
  });
  await expect(following).rejects.toThrow("aborted");
  expect(pods.size).toBe(2);
});
