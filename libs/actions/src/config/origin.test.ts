import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { formatLocation } from "@pai/core";
import { readCluster } from "@pai/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOriginFinder } from "./origin.ts";

let root: string;
let originOf: (key: string) => string;

const files = {
  "configuration/layout.yaml": `kubernetes:
  dashboard-url: https://10.0.0.1:9090
machine-list:
- {hostname: m1, hostip: 10.0.0.1, pai-master: "true"}
- hostname: w1
  hostip: 10.0.0.2
`,
  "configuration/services-configuration.yaml": `cluster:
  docker-registry: {domain: r, namespace: n, tag: t, secret-name: s}
hbase:
  port: 17
  made: 1
`,
  "src/hbase/config/hbase.yaml": "port: 16\nheap: 1g\n",
  "src/coded/config/coded.yaml": "kept: 1\nmade: 2\n",
  "src/coded/config/coded.ts": `export default {
  run: ({ settings }) => ({ ...settings, "made": 3, "uri": "http://x" }),
};
`,
};

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "pai-origin-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  const { model } = await readCluster({ root, directory: "configuration" });
  // As the service's code leaves it.
  const coded = new Map<string, string | number>([
    ["kept", 1],
    ["made", 3],
    ["uri", "http://x"],
  ]);
  const cluster = { model: new Map([...model, ["coded", coded] as const]) };
  const find = createOriginFinder({ root, configuration: "configuration", cluster });
  originOf = (key) => {
    const { kind, location } = find(key.split("."));
    return location ? `${kind} ${formatLocation(location)}` : kind;
  };
});
afterAll(() => rm(root, { recursive: true, force: true }));

test.each([
  ["hbase.port", "override configuration/services-configuration.yaml:4:3"],
  ["hbase.heap", "default src/hbase/config/hbase.yaml:2:1"],
  ["hbase.none", "not set"],
  ["cluster.docker-registry.tag", "override configuration/services-configuration.yaml:2:46"],
  ["cluster.docker-registry.prefix", "paictl"],
  ["cluster.common.data-path", "paictl"],
  ["layout.machine-list.w1.hostip", "layout configuration/layout.yaml:6:3"],
  ["layout.kubernetes.dashboard-url", "layout configuration/layout.yaml:2:3"],
  ["layout.kubernetes.api-servers-url", "paictl"],
  ["coded.kept", "default src/coded/config/coded.yaml:1:1"],
  ["coded.made", "code src/coded/config/coded.ts:2"],
  ["coded.uri", "code src/coded/config/coded.ts:2"],
])("%s comes from %s", (key, origin) => {
  expect(originOf(key)).toBe(origin);
});
