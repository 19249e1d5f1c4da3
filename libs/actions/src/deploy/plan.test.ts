import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ActionEvent } from "@pai/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planDeployment, type Direction } from "./plan.ts";
import { renderServices } from "../render/render.ts";

const files = {
  "configuration/layout.yaml":
    'machine-list: [{hostname: m1, hostip: 10.0.0.1, pai-master: "true", machine-type: M}]\nmachine-sku: {M: {}}\n',
  "configuration/services-configuration.yaml":
    "cluster: {docker-registry: {domain: public, namespace: pai, tag: v1, secret-name: pull}}\n",
  "src/lone/deploy/service.yaml": "prerequisite:\n- ring-b\n- gone\nstart-script: start.sh\n",
  "src/ring-a/deploy/service.yaml": "prerequisite: [ring-b]\n",
  "src/ring-b/deploy/service.yaml": "",
};
const ring = { "src/ring-b/deploy/service.yaml": "prerequisite: [ring-a]\n" };

let root: string;
const write = async (texts: Readonly<Record<string, string>>): Promise<void> => {
  for (const [file, text] of Object.entries(texts)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
};
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "plan-"));
});
afterAll(() => rm(root, { recursive: true }));

async function planned(direction: Direction, services?: readonly string[]): Promise<unknown> {
  const events: ActionEvent[] = [];
  const { order, edges } = await planDeployment(selection(events, services), direction);
  return {
    order: order.map(({ name }) => name),
    edges: Object.fromEntries([...edges].map(([name, needs]) => [name, [...needs]])),
    warnings: events.flatMap((event) => (event.type === "warning" ? [event.message] : [])),
  };
}

const selection = (
  events: ActionEvent[],
  services: readonly string[] | undefined,
): Parameters<typeof planDeployment>[0] => ({
  root,
  configuration: "configuration",
  services,
  report: (event) => events.push(event),
  signal: new AbortController().signal,
});

test("a prerequisite that is no service stops a start, and only warns without prerequisites", async () => {
  await write(files);
  await expect(planned({ order: "start", withPrerequisites: true }, ["lone"])).rejects.toMatchObject({
    code: "UNKNOWN_PREREQUISITE",
    location: { file: "src/lone/deploy/service.yaml", line: 3 },
  });
  expect(await planned({ order: "start", withPrerequisites: false }, ["lone"])).toMatchObject({
    order: ["lone"],
    warnings: ['lone needs "gone", but there is no such service (src/lone/deploy/service.yaml:3)'],
  });
});

test("neither that nor a cycle keeps anything from being stopped or rendered", async () => {
  await write({ ...files, ...ring });
  await expect(planned({ order: "start", withPrerequisites: false })).rejects.toThrow("wait for each other");
  expect(await planned({ order: "stop" })).toEqual({
    order: ["lone", "ring-b", "ring-a"],
    edges: { lone: [], "ring-b": ["lone"], "ring-a": ["ring-b", "lone"] },
    warnings: [],
  });
  const { services } = await renderServices({ ...selection([], undefined), pin: false });
  expect(services.map(({ service }) => service)).toEqual(["ring-a", "ring-b", "lone"]);
});
