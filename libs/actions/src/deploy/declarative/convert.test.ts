import type { KubernetesObject } from "@pai/kubernetes";
import { expect, test } from "vitest";
import type { DeployFile } from "../folder.ts";
import { fixedJobs } from "./adoption.ts";
import { findSources } from "./convert-sources.ts";
import { convertServiceYaml } from "./convert-yaml.ts";

const file = (name: string, text: string, template?: string): DeployFile => ({
  name,
  content: Buffer.from(text),
  mode: 0o644,
  ...(template === undefined ? {} : { template }),
});
const object = (kind: string, name: string, more: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "default" },
  ...more,
});
const files = [
  file(
    "zookeeper.yaml",
    "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: zookeeper}\n",
    "src/z/deploy/zookeeper.yaml.template",
  ),
  file("zookeeper.yaml.template", "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: '{{ x }}'}\n"),
  file("zookeeper-delete.yaml", "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: clean}\n"),
  file("conf/a.cfg", "a"),
  file("conf/b.cfg", "b"),
  file("zoo.cfg", "port=1\n"),
];

test("finds the manifests, files and folders that objects come from", () => {
  const live = [
    object("DaemonSet", "zookeeper"),
    object("ConfigMap", "one", { data: { "zoo.cfg": "port=1\n" } }),
    object("ConfigMap", "folder", { data: { "a.cfg": "a", "b.cfg": "b" } }),
    object("Secret", "other", { type: "x/y", data: { key: Buffer.from("a").toString("base64") } }),
  ];
  expect(findSources(files, live, "default")).toEqual({
    apply: ["zookeeper.yaml"],
    sources: [
      { kind: "ConfigMap", name: "one", namespace: "default", from: ["zoo.cfg"], literal: {} },
      { kind: "ConfigMap", name: "folder", namespace: "default", from: ["conf"], literal: {} },
      {
        kind: "Secret",
        name: "other",
        namespace: "default",
        type: "x/y",
        from: ["key=conf/a.cfg"],
        literal: {},
      },
    ],
    problems: [],
  });
});

test("tells what only the script can make", () => {
  const live = [object("Service", "s"), object("ConfigMap", "c", { data: { now: "12:00" } })];
  expect(findSources(files, live, "default").problems).toEqual([
    "Service s is in no manifest of the deploy folder",
    "ConfigMap c is in no manifest, and its key now is no file of the deploy folder",
  ]);
});

test("scripts make way for the new keys; the delete-script, comments and everything else stay", () => {
  const text = `# Zookeeper
prerequisite: [cluster-configuration]

start-script: start.sh   # as ever
stop-script: stop.sh
delete-script: delete.sh
refresh-script: refresh.sh

deploy-rules:
  - in: pai-master
`;
  const sources = [
    { kind: "ConfigMap", name: "conf", namespace: "tools", from: ["a.cfg", "k=b.cfg"], literal: {} },
  ] as const;
  expect(convertServiceYaml(text, { apply: ["zookeeper.yaml"], sources, problems: [] })).toBe(`# Zookeeper
prerequisite: [cluster-configuration]

apply:
  - zookeeper.yaml
config-map:
  - name: conf
    namespace: tools
    from:
      - a.cfg
      - k=b.cfg
delete-script: delete.sh

deploy-rules:
  - in: pai-master
`);
});

test("Jobs that no start could change are named", () => {
  const job = (name: string, annotations: Readonly<Record<string, string>>) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "default", annotations },
    location: { file: "job.yaml" },
  });
  const jobs = [job("once", {}), job("again", { "pai.dev/recreate": "true" })];
  expect(fixedJobs(jobs)).toEqual(["Job once"]);
});
