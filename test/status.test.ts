// `paictl service status` of services that no start has found ready: only the cluster knows how they are.
import path from "node:path";
import { serviceStatus, startServices } from "@pai/actions/deploy";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "./support/cli.ts";
import { localKubeconfig, makeDeployTree, type DeployTree } from "./support/cluster.ts";

let tree: DeployTree;
beforeAll(async () => {
  tree = await makeDeployTree();
});
afterAll(() => tree.remove());

const main = path.join(import.meta.dirname, "../tools/paictl/src/main.ts");
const probe = "readinessProbe: {exec: {command: [sh, -c, echo no leader yet; exit 1]}, periodSeconds: 1";
const reason = /container main: readiness probe fails: no leader yet/;

async function status(): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const argv = ["service", "status", "-p", "configuration", "--root", tree.root, "-c", localKubeconfig];
  const { code, stdout } = await runCommand(process.execPath, [main, ...argv], { cwd: tree.root });
  return { code, lines: stdout.replaceAll(`${tree.namespace}-`, "").trimEnd().split("\n") };
}

/** Starts until the wait has said why, with what `then` sees at that time. */
async function whileWaiting<T>(services: readonly string[], then: () => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const told = new Map<string, string>();
  const ended = startServices({
    ...tree.options(services),
    withPrerequisites: true,
    signal: controller.signal,
    report: (event) => event.type === "waiting" && told.set(event.service, event.reason),
  }).catch((error: unknown) => error);
  try {
    const names = services.map((service) => tree.name(service));
    const areTold = (): boolean => names.every((name) => reason.test(told.get(name) ?? ""));
    await expect.poll(areTold, { timeout: 60_000 }).toBe(true);
    return await then();
  } finally {
    controller.abort();
    expect(await ended).toMatchObject({ code: "INTERRUPTED" });
  }
}

test("a first start that waits, or was given up, is not ready, with the reason", async () => {
  await tree.addService("a", { container: `${probe}, timeoutSeconds: 20}` });
  await tree.addService("b");
  await tree.addService("c", { container: `${probe}, timeoutSeconds: 20}` });
  // Without scripts.
  await tree.write({ "src/{c}/deploy/service.yaml": "template-list: [c.yaml]\n" });
  const shown = {
    code: 1,
    lines: [
      expect.stringMatching(/^ {2}a +not ready .* 0\/1 pods .*readiness probe fails: no leader yet/),
      expect.stringMatching(/^ {2}b +not started/),
      expect.stringMatching(
        /^ {2}c +not ready +rev 1 \(never ready\) +0\/1 pods .*readiness probe fails: no leader yet/,
      ),
      "3 services: 2 not ready, 1 not started",
    ],
  };
  expect(await whileWaiting(["a", "c"], status)).toEqual(shown);
  expect(await status()).toEqual(shown);

  // Files that cannot be rendered any more keep nobody from looking.
  await tree.write({ "src/{b}/deploy/b.yaml.template": "{{ cluster_cfg['x']['y'] }}" });
  expect(await tree.status(["a", "b"])).toMatchObject([{ state: "not ready" }, { state: "not started" }]);

  await tree.delete();
  expect(await status()).toMatchObject({
    code: 0,
    lines: expect.arrayContaining(["3 services: 3 not started"]),
  });
});

test("a start of what was stopped is not ready while it waits; what a stop has left does not count", async () => {
  const left = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{d}", namespace: {ns}}\n---\n';
  await tree.addService("d");
  await tree.write({ "src/{d}/deploy/service.yaml": "template-list: [d.yaml, left.yaml]\n" });
  await tree.write({ "src/{d}/deploy/left.yaml.template": left });
  await tree.start(["d"]);
  await tree.stop(["d"]);
  expect(await tree.status(["d"])).toMatchObject([{ state: "stopped", reasons: [] }]);
  await tree.addService("d", { container: `${probe}, timeoutSeconds: 20}` });
  await tree.write({ "src/{d}/deploy/service.yaml": "template-list: [d.yaml, left.yaml]\n" });
  const [service] = await whileWaiting(["d"], () => serviceStatus(tree.options(["d"])));
  expect(service).toMatchObject({
    state: "not ready",
    revision: 2,
    isNeverReady: true,
    reasons: [expect.stringMatching(reason)],
  });
});
