import type { DeploymentPlan } from "@pai/actions/deploy";
import { expect, test } from "vitest";
import { formatPlan } from "./plan-text.ts";

const ref = (
  kind: string,
  name: string,
  namespace = "default",
): { apiVersion: string; kind: string; name: string; namespace: string } => ({
  apiVersion: "v1",
  kind,
  namespace,
  name,
});

test("tells order, changes with their fields, restarts and what goes; secrets without values", () => {
  const text = formatPlan({
    cluster: { context: "pai-local", server: "https://10.77.0.1:6443", id: "pai" },
    configuration: "configuration",
    order: [["cluster-configuration"], ["zookeeper", "name-node"], ["hbase"]],
    nodes: [{ node: "m1", added: ["pai-master"], removed: ["pai-worker"] }],
    services: [
      {
        service: "zookeeper",
        mode: "script",
        outcome: "unchanged",
        objects: [],
        images: [],
        fingerprint: "",
      },
      {
        service: "hbase",
        mode: "declarative",
        outcome: "change",
        revision: { from: 7, to: 8 },
        images: ["r/hbase:1@sha256:77d0"],
        fingerprint: "",
        objects: [
          {
            ref: ref("ConfigMap", "hbase-configuration"),
            change: "change",
            fields: [
              {
                path: "data.hbase-site.xml",
                kind: "text",
                lines: [
                  { sign: "-", line: 31, text: "<value>16020</value>" },
                  { sign: "+", line: 31, text: "<value>16021</value>" },
                ],
              },
            ],
          },
          {
            ref: ref("DaemonSet", "hbase", "tools"),
            change: "change",
            fields: [{ path: "spec.x", kind: "value", before: "1", after: "2" }],
            restarts: { pods: 3, because: "its configuration changes" },
          },
          { ref: ref("Secret", "login"), change: "change", fields: [{ path: "data.a", kind: "secret" }] },
          { ref: ref("ConfigMap", "old"), change: "prune", fields: [] },
          { ref: ref("Service", "hbase"), change: "unchanged", fields: [] },
        ],
      },
      { service: "name-node", mode: "script", outcome: "script", objects: [], images: [], fingerprint: "" },
    ],
  });
  expect(text).toBe(`cluster pai-local (https://10.77.0.1:6443, id pai) · configuration configuration
  order   cluster-configuration · zookeeper, name-node · hbase
  ~ Node m1   labels +pai-master -pai-worker
  unchanged   zookeeper
  hbase   revision 7 -> 8
    ~ ConfigMap hbase-configuration
        data.hbase-site.xml:31   - <value>16020</value>
        data.hbase-site.xml:31   + <value>16021</value>
    ~ DaemonSet tools/hbase   will restart 3 pods: its configuration changes
        spec.x   1 -> 2
    ~ Secret login
        data.a   changed (secret)
    - ConfigMap old   no longer in the manifests, deleted
    = 1 unchanged
      image r/hbase:1@sha256:77d0
  name-node   its start-script will run, and decides; its manifests differ in:
3 to change, 1 to delete, 1 node to label, 1 script to run`);
});

test("a cluster without an id is told without one", () => {
  const cluster = { context: "pai-local", server: "https://10.77.0.1:6443" };
  const text = formatPlan({ cluster, configuration: "configuration", order: [], services: [], nodes: [] });
  expect(text.split("\n")[0]).toBe(
    "cluster pai-local (https://10.77.0.1:6443) · configuration configuration",
  );
});

test("labels of nodes alone are something to do", () => {
  const node = (name: string): DeploymentPlan["nodes"][number] => ({
    node: name,
    added: ["pai-worker"],
    removed: [],
  });
  const plan = {
    cluster: { context: "c", server: "s" },
    configuration: "configuration",
    order: [],
    services: [],
  };
  const lastLine = (nodes: DeploymentPlan["nodes"]): string | undefined =>
    formatPlan({ ...plan, nodes })
      .split("\n")
      .at(-1);
  expect(lastLine([])).toBe("nothing to do");
  expect(lastLine([node("m1")])).toBe("1 node to label");
  expect(lastLine([node("m1"), node("m2")])).toBe("2 nodes to label");
});
