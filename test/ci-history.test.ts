// The pipeline of docs/ci.md on real history: ten commits as teams make them, and what each has CI do.
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyWorkspace, type Workspace } from "./support/workspace.ts";

const registry = "cluster_cfg['cluster']['docker-registry']";
const manifest = (image: string, more = ""): string => `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${image}}
spec:
  template:
    spec:
      containers:
        - image: {{ ${registry}['prefix'] }}${image}:{{ ${registry}['tag'] }}
${more}`;

let workspace: Workspace;
beforeAll(async () => {
  workspace = await copyWorkspace("hbase-mini");
  await workspace.write("src/zookeeper/deploy/zookeeper.yaml.template", manifest("zookeeper"));
  await workspace.write("src/hbase/deploy/hbase.yaml.template", manifest("hbase"));
  await workspace.write("src/zookeeper/config/zookeeper.yaml", "port: 2181\n");
  await workspace.write("package-lock.json", '{ "lockfileVersion": 3, "packages": {} }\n');
  await workspace.commit("the tree");
});
afterAll(() => workspace.dispose());

interface Affected {
  readonly build: readonly string[];
  readonly deploy: readonly string[];
}

/** What the last commit touches by itself. What their tasks need runs as well, and is a hit or nothing to do. */
async function affectedByLastCommit(): Promise<Affected> {
  return { build: await affectedTasks("build"), deploy: await affectedTasks("deploy") };
}

async function affectedTasks(target: string): Promise<string[]> {
  const range = ["--base=HEAD~1", "--head=HEAD"];
  const shown = ["--excludeTaskDependencies", "--graph=stdout"];
  const { code, stdout, stderr } = await workspace.run("nx", "affected", "-t", target, ...range, ...shown);
  expect({ code, output: stdout + stderr }).toMatchObject({ code: 0 });
  // Without a task Nx prints a sentence in place of the graph.
  if (!stdout.startsWith("{")) return [];
  const { tasks } = JSON.parse(stdout) as { tasks: { tasks: object } };
  return Object.keys(tasks.tasks)
    .map((task) => task.split(":", 1)[0] ?? "")
    .toSorted();
}

const commits: readonly {
  readonly message: string;
  readonly files: Readonly<Record<string, string>>;
  readonly affected: Affected;
}[] = [
  {
    message: "a base image gets another file",
    files: { "src/base/build/base.txt": "changed\n" },
    affected: { build: ["base", "hadoop", "hbase", "zookeeper"], deploy: ["hbase", "zookeeper"] },
  },
  {
    message: "a Dockerfile in the middle",
    files: { "src/hadoop/build/hadoop.dockerfile": "FROM base\nCOPY build/hadoop.txt /other.txt\n" },
    affected: { build: ["hadoop", "hbase"], deploy: ["hbase"] },
  },
  {
    message: "an image that nothing starts from",
    files: { "src/hbase/build/hbase.txt": "changed\n" },
    affected: { build: ["hbase"], deploy: ["hbase"] },
  },
  {
    message: "a template",
    files: { "src/zookeeper/deploy/zookeeper.yaml.template": manifest("zookeeper", "          args: [x]\n") },
    affected: { build: [], deploy: ["zookeeper"] },
  },
  {
    message: "a template begins to read settings of another service",
    files: {
      "src/hbase/deploy/hbase.yaml.template": manifest(
        "hbase",
        "          args: [\"{{ cluster_cfg['zookeeper']['port'] }}\"]\n",
      ),
    },
    affected: { build: [], deploy: ["hbase"] },
  },
  {
    message: "these settings change",
    files: { "src/zookeeper/config/zookeeper.yaml": "port: 2182\n" },
    affected: { build: [], deploy: ["hbase", "zookeeper"] },
  },
  {
    message: "a script",
    files: { "src/cluster-configuration/deploy/start.sh": "#!/bin/bash\nexit 0\n" },
    affected: { build: [], deploy: ["cluster-configuration"] },
  },
  {
    message: "the configuration of the cluster",
    files: { "configuration/layout.yaml": "machine-list:\n  - {hostname: a, hostip: 10.0.0.1}\n" },
    affected: { build: [], deploy: ["cluster-configuration", "hbase", "zookeeper"] },
  },
  {
    message: "a new service on an image that is there",
    files: {
      "src/kafka/build/kafka.dockerfile": "FROM hadoop\n",
      "src/kafka/deploy/service.yaml": "prerequisite: [zookeeper]\ntemplate-list: [kafka.yaml]\n",
      "src/kafka/deploy/kafka.yaml.template": manifest("kafka"),
    },
    affected: { build: ["kafka"], deploy: ["kafka"] },
  },
  {
    message: "packages, documents and CI",
    files: {
      "package-lock.json": '{ "lockfileVersion": 3, "packages": { "": {} } }\n',
      "docs/README.md": "changed\n",
      ".gitlab-ci.yml": "stages: [test]\n",
    },
    affected: { build: [], deploy: [] },
  },
];

test.each(commits)("$message", async ({ message, files, affected }) => {
  for (const [file, text] of Object.entries(files)) await workspace.write(file, text);
  await workspace.commit(message);
  expect(await affectedByLastCommit()).toEqual(affected);
});
