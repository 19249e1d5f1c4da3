import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engine, imageId, inspectImage, localTags } from "./support/docker.ts";
import { copyWorkspace, type Workspace } from "./support/workspace.ts";

interface Graph {
  readonly nodes: Record<
    string,
    { readonly data: { readonly tags: string[]; readonly targets: Record<string, Target> } }
  >;
  readonly dependencies: Record<string, { readonly target: string; readonly type: string }[]>;
}

interface Target {
  readonly executor: string;
  readonly cache: boolean;
  readonly dependsOn?: { readonly target: string; readonly projects?: string[] }[];
}

let workspace: Workspace;
let first: string;

beforeAll(async () => {
  workspace = await copyWorkspace("hbase-mini");
  first = await workspace.commit("first");
});
afterAll(() => workspace.dispose());

async function readGraph(): Promise<Graph> {
  const file = path.join(workspace.root, "dist/graph.json");
  const { code, stderr, stdout } = await workspace.run("nx", "graph", `--file=${file}`);
  expect({ code, output: stdout + stderr }).toMatchObject({ code: 0 });
  return (JSON.parse(await readFile(file, "utf8")) as { graph: Graph }).graph;
}

describe("the graph", () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await readGraph();
  });
  const targetsOf = (service: string): string[] => Object.keys(graph.nodes[service]?.data.targets ?? {});
  const before = (service: string, target: string): string[] =>
    (graph.nodes[service]?.data.targets[target]?.dependsOn ?? [])
      .map((each) => `${each.projects?.toSorted().join(",") ?? service}:${each.target}`)
      .toSorted();

  test("every service is a project with the targets that its files allow", () => {
    expect(Object.keys(graph.nodes).toSorted()).toEqual([
      "base",
      "cluster-configuration",
      "hadoop",
      "hbase",
      "zookeeper",
    ]);
    expect(targetsOf("base")).toEqual(["check", "build", "push", "explain"]);
    expect(targetsOf("cluster-configuration")).toEqual(["check", "deploy", "stop", "delete", "refresh"]);
    expect(targetsOf("hbase")).toEqual([
      "check",
      "build",
      "push",
      "explain",
      "deploy",
      "stop",
      "delete",
      "refresh",
    ]);
  });

  test("builds follow base images, deployments follow prerequisites, stops go the other way", () => {
    expect(before("hbase", "build")).toEqual(["base,hadoop:build"]);
    expect(before("hbase", "push")).toEqual(["hbase:build"]);
    expect(before("hbase", "deploy")).toEqual(["zookeeper:deploy"]);
    expect(before("zookeeper", "build")).toEqual(["base:build"]);
    expect(before("zookeeper", "deploy")).toEqual(["cluster-configuration:deploy"]);
    expect(before("zookeeper", "stop")).toEqual(["hbase:stop"]);
    expect(before("zookeeper", "delete")).toEqual(["hbase:delete"]);
    expect(before("hbase", "stop")).toEqual([]);
    expect(before("hbase", "refresh")).toEqual([]);
  });

  test("edges of both kinds are drawn, as implicit ones", () => {
    expect(graph.dependencies.hbase?.map(({ target, type }) => `${type} ${target}`).toSorted()).toEqual([
      "implicit base",
      "implicit hadoop",
      "implicit zookeeper",
    ]);
    expect(graph.dependencies.base).toEqual([]);
  });

  test("pushes and deployments are never answered from Nx's cache", () => {
    const targets = Object.values(graph.nodes).flatMap(({ data }) => Object.entries(data.targets));
    expect(new Set(targets.flatMap(([name, { cache }]) => (cache ? [name] : [])))).toEqual(
      new Set(["check", "build"]),
    );
  });

  test("tags tell images from prerequisites", () => {
    expect(graph.nodes.hbase?.data.tags).toEqual([
      "pai:service",
      "pai:image",
      "pai:deploy",
      "image:hbase",
      "needs-image:hadoop",
      "needs-image:base",
      "prerequisite:zookeeper",
    ]);
  });
});

describe("nx run hbase:build", () => {
  const namespace = `nx-${randomUUID().slice(0, 8)}`;
  const file = "configuration/services-configuration.yaml";
  let original: string;
  beforeAll(async () => {
    original = await workspace.read(file);
    await workspace.write(file, original.replace("namespace: hbase-mini", `namespace: ${namespace}`));
  });
  afterAll(async () => {
    for (const tag of await localTags(namespace)) await engine("DELETE", `/images/${tag}?force=true`);
    await workspace.write(file, original);
  });
  const build = async (): Promise<string> => {
    const { code, stdout, stderr } = await workspace.run("nx", "run", "hbase:build");
    expect({ code, output: stdout + stderr }).toMatchObject({ code: 0 });
    return stdout;
  };

  test("builds what its images need, bases first, and the second time nothing", async () => {
    expect(await build()).toMatch(/^ +built c-[0-9a-f]{16}/m);
    const built = await localTags(namespace);
    const names = built.map((tag) => tag.replace(/^.*\/(.*):.*$/, "$1"));
    expect([...new Set(names)].toSorted()).toEqual(["base", "hadoop", "hbase"]);
    const before = await Promise.all(built.map(imageId));
    expect(await build()).toContain("3 out of 3 tasks");
    expect(await localTags(namespace)).toEqual(built);
    expect(await Promise.all(built.map(imageId))).toEqual(before);
  });

  test("takes the options of pai-build, and makes the same images of them", async () => {
    const dockerfile = "src/hbase/build/hbase.dockerfile";
    const text = await workspace.read(dockerfile);
    await workspace.write(dockerfile, `ARG FROM=base\nARG V=1\n${text}ARG V=1\nLABEL v=$V\n`);
    try {
      const options = ["--buildArg=V=2", "--buildArg=FROM=base", "--builder=classic"];
      const nx = await workspace.run("nx", "run", "hbase:build", ...options);
      expect({ code: nx.code, output: nx.stdout + nx.stderr }).toMatchObject({ code: 0 });
      const [{ Config: config } = {}] = await Promise.all(
        (await localTags(`${namespace}/hbase:latest`)).map(inspectImage),
      );
      expect(config?.Labels).toMatchObject({ v: "2" });
      const same = ["-s", "hbase", "--build-arg", "V=2", "FROM=base", "--output", "json"];
      const { stdout } = await workspace.run("pai-build", "build", ...same);
      expect(stdout).toContain('"outcome":"unchanged"');
      expect(stdout).not.toContain('"outcome":"changed"');
    } finally {
      await workspace.write(dockerfile, text);
    }
  });
});

describe("affected", () => {
  /** `service:target` of the tasks that a change affects by itself, without what they run after. */
  async function affectedBy(file: string, text: string): Promise<Record<"build" | "deploy", string[]>> {
    await workspace.write(file, text);
    await workspace.commit(`change ${file}`);
    const affected = async (target: string): Promise<string[]> => {
      const { code, stdout, stderr } = await workspace.run(
        "nx",
        "affected",
        `--base=${first}`,
        "--head=HEAD",
        `--targets=${target}`,
        "--graph=stdout",
      );
      expect({ code, output: stdout + stderr }).toMatchObject({ code: 0 });
      // Without a task Nx prints a sentence in place of the graph.
      const tasks = stdout.startsWith("{")
        ? (JSON.parse(stdout) as { tasks: { tasks: object; roots: string[] } })
        : undefined;
      return Object.keys(tasks?.tasks.tasks ?? {}).toSorted();
    };
    const result = { build: await affected("build"), deploy: await affected("deploy") };
    const { code, stderr } = await workspace.run("git", "reset", "--quiet", "--hard", first);
    expect({ code, output: stderr }).toMatchObject({ code: 0 });
    return result;
  }

  test("a base image's file affects the builds on top of it, and the deployments of what they make", async () => {
    expect(await affectedBy("src/hadoop/build/hadoop.txt", "changed\n")).toEqual({
      // base is listed because hadoop is built after it.
      build: ["base:build", "hadoop:build", "hbase:build"],
      deploy: ["cluster-configuration:deploy", "hbase:deploy", "zookeeper:deploy"],
    });
  });

  test("a template affects its own deployment and no build", async () => {
    expect(await affectedBy("src/hbase/deploy/hbase.yaml.template", "kind: ConfigMap\n")).toEqual({
      build: [],
      deploy: ["cluster-configuration:deploy", "hbase:deploy", "zookeeper:deploy"],
    });
  });

  test("defaults of a service affect its own deployment", async () => {
    expect(await affectedBy("src/zookeeper/config/zookeeper.yaml", "port: 2182\n")).toEqual({
      build: [],
      deploy: ["cluster-configuration:deploy", "zookeeper:deploy"],
    });
  });

  test("the configuration affects every deployment and no build", async () => {
    const text = await workspace.read("configuration/layout.yaml");
    expect(await affectedBy("configuration/layout.yaml", `${text}# changed\n`)).toEqual({
      build: [],
      deploy: ["cluster-configuration:deploy", "hbase:deploy", "zookeeper:deploy"],
    });
  });

  test("other files affect nothing", async () => {
    expect(await affectedBy("docs/README.md", "changed\n")).toEqual({ build: [], deploy: [] });
  });
});

describe("a bad service", () => {
  beforeAll(async () => {
    await workspace.write(
      "src/bad/deploy/service.yaml",
      "prerequisite: [zookeeper\nstart-script: start.sh\n",
    );
    await workspace.write("src/typo/deploy/service.yaml", "prerequisite:\n  - zookeper\n  - zookeeper\n");
    await workspace.write("src/one/deploy/service.yaml", "prerequisite: [two]\n");
    await workspace.write("src/two/deploy/service.yaml", "prerequisite: [one]\n");
    await workspace.write("src/ring-a/build/ring-a.dockerfile", "FROM ring-b\n");
    await workspace.write("src/ring-b/build/ring-b.dockerfile", "FROM ring-a\n");
    await workspace.write("src/broken/build/broken.dockerfile", "RUN true\n");
  });

  test("does not break the graph for the others", async () => {
    const { dependencies } = await readGraph();
    expect(dependencies.hbase).toHaveLength(3);
    expect(dependencies.typo?.map(({ target }) => target)).toEqual(["zookeeper"]);
    expect(dependencies.bad).toEqual([]);
  });

  const failure = async (task: string): Promise<string> => {
    const { code, stdout, stderr } = await workspace.run("nx", "run", task);
    expect({ code, output: stdout + stderr }).toMatchObject({ code: 1 });
    return stdout + stderr;
  };

  test("fails its own target with file and line", async () => {
    const output = await failure("broken:build");
    expect(output).toContain("error[DOCKERFILE_INVALID]: RUN stands before the first FROM");
    expect(output).toContain("--> src/broken/build/broken.dockerfile:1");
  });

  test("on a ring of images names the ring", async () => {
    expect(await failure("ring-a:build")).toMatch(/error\[IMAGE_CYCLE\].*ring-. -> ring-. -> ring-./);
  });

  test("with YAML that cannot be read names the place", async () => {
    const output = await failure("bad:deploy");
    expect(output).toContain("src/bad/deploy/service.yaml is not valid YAML");
    expect(output).toContain("--> src/bad/deploy/service.yaml:2:");
  });

  test("with an unknown prerequisite fails before anything is started, naming what was meant", async () => {
    const output = await failure("typo:deploy");
    expect(output).not.toContain("zookeeper:deploy");
    expect(output).toContain('typo needs "zookeper", but there is no such service');
    expect(output).toContain("--> src/typo/deploy/service.yaml:2");
    expect(output).toContain('hint: did you mean "zookeeper"?');
  });

  test("on a cycle of prerequisites names the cycle", async () => {
    expect(await failure("one:deploy")).toMatch(
      /error\[PREREQUISITE_CYCLE\].*(one -> two -> one|two -> one -> two)/,
    );
  });
});

test("deleting asks for --yes, and begins with what needs the service", async () => {
  const { code, stdout, stderr } = await workspace.run("nx", "run", "cluster-configuration:delete");
  expect(code).toBe(1);
  expect(stdout + stderr).toContain("delete removes the data of hbase");
  expect(stdout + stderr).toContain("npx nx run hbase:delete --yes");
});
