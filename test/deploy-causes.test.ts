// Every way in which a service does not become ready is told in the operator's words, and ends the wait early.
import path from "node:path";
import { formatError, type ActionEvent } from "@pai/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeDeployTree, type DeployTree } from "./support/cluster.ts";
import { boxImage, failingServices, guardedRegistry } from "./support/failing-services.ts";
import { startGuardedRegistry, type TestRegistry } from "./support/registry.ts";

let tree: DeployTree;
let guarded: TestRegistry;
let errors: readonly Error[];
const told: { readonly event: ActionEvent; readonly at: number }[] = [];

/** All of them at once: most of the time is waiting. */
beforeAll(async () => {
  guarded = await startGuardedRegistry();
  tree = await makeDeployTree();
  const before = failingServices.flatMap((each) => each.before?.(tree.name(each.name), tree.namespace) ?? []);
  await tree.write({ "before.json": JSON.stringify({ apiVersion: "v1", kind: "List", items: before }) });
  await tree.kubectl("apply", "-f", path.join(tree.root, "before.json"));
  for (const { name, objects } of failingServices) {
    const manifests = objects(tree.name(name), tree.namespace).map((each) => JSON.stringify(each));
    await tree.addService(name);
    await tree.write({
      // kubectl takes a file that begins with a brace for one JSON document.
      [`src/{${name}}/deploy/${name}.yaml.template`]: manifests
        .map((text) => `---\n${text}\n`)
        .join("")
        .replaceAll(guardedRegistry, guarded.host)
        .replaceAll(
          `"${boxImage}"`,
          `"{{ cluster_cfg['cluster']['docker-registry']['prefix'] }}box:{{ cluster_cfg['cluster']['docker-registry']['tag'] }}"`,
        ),
    });
  }
  const report = (event: ActionEvent): void => void told.push({ event, at: performance.now() });
  ({ errors } = await tree.start(undefined, { parallel: failingServices.length, report }));
}, 300_000);

afterAll(async () => {
  await tree.kubectl("delete", "namespace", "-l", `parent=${tree.namespace}`, "--wait=false");
  for (const kind of ["validatingwebhookconfiguration", "validatingadmissionpolicy"])
    for (const name of ["webhook", "policy"])
      await tree.kubectl("delete", kind, tree.name(name), "--ignore-not-found");
  await tree.kubectl("delete", "validatingadmissionpolicybinding", tree.name("policy"), "--ignore-not-found");
  await tree.remove();
  await guarded.stop();
});

/** From the last line of the script to the end of the wait. */
function secondsOf(service: string): number {
  const lastOf = (type: ActionEvent["type"]): number =>
    told.findLast(({ event }) => event.type === type && "service" in event && event.service === service)
      ?.at ?? Infinity;
  return (lastOf("failed") - lastOf("output")) / 1000;
}

test.each(failingServices)("$name: $says", ({ name, says, seconds }) => {
  const service = tree.name(name);
  const others = errors.map(({ message }) => message).join("\n");
  const error = errors.find(({ message }) => message.startsWith(service)) ?? new Error(others);
  expect(formatError(error).replaceAll(`${tree.namespace}-`, "")).toMatch(says);
  expect(error).toMatchObject({ code: "NOT_READY" });
  expect(secondsOf(service)).toBeLessThan(seconds);
});
