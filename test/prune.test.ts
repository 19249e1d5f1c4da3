// pai-build prune, and what explain knows of a cluster, on an engine of the test's own, a registry and the cluster.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { explainImages, formatExplanations, formatPruned, pruneImages } from "@pai/actions/images";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { runCommand } from "./support/cli.ts";
import { localKubeconfig, localServer } from "./support/cluster.ts";
import { createImageTree, localTags, type ImageTree } from "./support/docker.ts";
import { startEngine, type TestEngine } from "./support/engine.ts";
import { startRegistry, type TestRegistry } from "./support/registry.ts";

const { signal } = new AbortController();
let own: TestEngine;
let registry: TestRegistry;
let tree: ImageTree;

beforeAll(async () => {
  [own, registry] = await Promise.all([startEngine(), startRegistry()]);
});
afterAll(() => Promise.all([own.remove(), registry.stop()]));
afterEach(() => tree.remove());

/** The content tags of an image that was built and pushed in three versions, the oldest first. */
async function threeVersions({ host } = registry): Promise<string[]> {
  tree = await createImageTree({
    registry: host,
    files: { "src/{a}/build/{a}.dockerfile": "FROM scratch\nCOPY build/x /\n" },
  });
  const layout = path.join(tree.root, "configuration/layout.yaml");
  await writeFile(layout, (await readFile(layout, "utf8")).replace("https://127.0.0.1:1", localServer));
  const tags: string[] = [];
  for (const text of ["1", "2", "3"]) {
    await tree.write({ "src/{a}/build/x": text });
    await tree.build({ engines: [own.address] });
    await tree.push({ engines: [own.address] });
    tags.push((await engineTags()).find((tag) => !tags.includes(tag)) ?? "");
  }
  return tags;
}

/** Content tags that the engine has of the image. */
async function engineTags(): Promise<string[]> {
  const tags = await localTags(tree.reference("a", "c-"), own.socketPath);
  return tags.map((tag) => tag.slice(tag.lastIndexOf(":") + 1)).toSorted((a, b) => a.localeCompare(b));
}

function prune(options: Partial<Parameters<typeof pruneImages>[0]>): ReturnType<typeof pruneImages> {
  return pruneImages({
    root: tree.root,
    configuration: "configuration",
    engines: [own.address],
    olderThanMs: 0,
    registry: false,
    apply: false,
    report: () => {},
    signal,
    ...options,
  });
}

test("what newer images have replaced is told first, and removed with --yes; the young stays", async () => {
  const [first = "", second = "", third = ""] = await threeVersions();
  const { images } = await prune({});
  expect(Object.fromEntries(images.map(({ names, state }) => [names.join(), state]))).toEqual({
    [tree.reference("a", first)]: "planned",
    [tree.reference("a", second)]: "planned",
  });
  expect(await engineTags()).toHaveLength(3);
  expect(await prune({ olderThanMs: 3_600_000, registry: true })).toMatchObject({ images: [] });

  // A tree that goes back needs the old image, which has lost its other names.
  await tree.write({ "src/{a}/build/x": "1" });
  expect((await prune({})).images.map(({ names }) => names)).toEqual([[tree.reference("a", second)]]);

  await tree.write({ "src/{a}/build/x": "3" });
  const removed = await prune({ apply: true, buildCacheBytes: 0 });
  expect(removed.images.map(({ state }) => state)).toEqual(["removed", "removed"]);
  expect(await engineTags()).toEqual([third]);
  expect(await registry.tags(tree.repository("a"))).toHaveLength(4);
  expect(await prune({ apply: true })).toEqual({ images: [], cacheFreed: 0 });
});

test("the registry keeps each manifest that another tag or the cluster names", async () => {
  const [first = "", second = "", third = ""] = await threeVersions();
  const repository = tree.repository("a");
  await nameAlso(repository, second, "v1.2");
  const kubectl = await makeNamespace();
  try {
    const image = tree.reference("a", first);
    await kubectl("create", "deployment", "old", `--image=${image}`, "--replicas=0");
    const cluster = { kubeconfig: localKubeconfig };
    const used = await prune({ registry: true, apply: true, cluster });
    // The engine has no use for the manifest that v1.2 keeps in the registry.
    expect(used.images.map(({ names }) => names)).toEqual([[tree.reference("a", second)]]);
    expect(await registry.tags(repository)).toEqual([first, second, third, "latest", "v1.2"].toSorted());

    const removed = await prune({ registry: true, apply: true });
    expect(removed.images.map(({ names, place }) => [place, names])).toEqual([
      [own.address, [tree.reference("a", first)]],
      [registry.host, [tree.reference("a", first)]],
    ]);
    expect(await registry.tags(repository)).toEqual([second, third, "latest", "v1.2"].toSorted());
    expect((await tree.push({ engines: [own.address] })).errors).toEqual([]);
  } finally {
    await kubectl("delete", "namespace", tree.name("ns"), "--wait=false");
  }
});

test("explain tells what has changed since the image that the cluster runs", async () => {
  const [first = "", , third = ""] = await threeVersions();
  const kubectl = await makeNamespace();
  const explained = async (more: { readonly deployed?: boolean } = {}): Promise<string> => {
    const options = { root: tree.root, configuration: "configuration", report: () => {}, signal };
    return formatExplanations(await explainImages({ ...options, ...more }), new Date());
  };
  try {
    // Asked for, the cluster gets the time that it needs for its first answer.
    expect(await explained({ deployed: true })).toContain("the cluster runs none of it");
    expect(await explained()).toContain("the cluster runs none of it");
    await kubectl("create", "deployment", "a", `--image=${tree.reference("a", first)}`, "--replicas=0");
    expect(await explained()).toMatch(
      new RegExp(
        `is in the registry\n    the cluster runs ${first.slice(0, 8)}… .*\n      changed   src/\\S+ `,
      ),
    );
    await kubectl("set", "image", "deployment", "a", `*=${tree.reference("a", third)}`);
    expect(await explained()).toMatch(/is in the registry\n {4}the cluster runs it$/);
    vi.stubEnv("KUBECONFIG", "/nowhere");
    expect(await explained()).toMatch(/is in the registry$/);
    await expect(explained({ deployed: true })).rejects.toMatchObject({ code: "CLUSTER_UNREACHABLE" });
  } finally {
    vi.unstubAllEnvs();
    await kubectl("delete", "namespace", tree.name("ns"), "--wait=false");
  }
});

test("a registry that allows no deletion is told, and nothing fails", async () => {
  const closed = await startRegistry({ deletion: false });
  try {
    const [first = "", second = ""] = await threeVersions(closed);
    const { images } = await prune({ registry: true, apply: true });
    const states = images.filter(({ place }) => place === closed.host).map(({ state }) => state);
    expect(states).toEqual(["not allowed", "not allowed"]);
    expect(formatPruned({ images, cacheFreed: 0 }, true)).toContain("the registry allows no deletion");
    expect(await closed.tags(tree.repository("a"))).toEqual(expect.arrayContaining([first, second]));
  } finally {
    await closed.stop();
  }
});

/** Gives a manifest one more tag. */
async function nameAlso(repository: string, tag: string, also: string): Promise<void> {
  const url = (name: string): string => `http://${registry.host}/v2/${repository}/manifests/${name}`;
  const type = "application/vnd.docker.distribution.manifest.v2+json";
  const manifest = await fetch(url(tag), { headers: { accept: type } });
  const headers = { "content-type": type };
  await fetch(url(also), { method: "PUT", headers, body: await manifest.text() });
}

async function makeNamespace(): Promise<(...args: string[]) => Promise<void>> {
  const namespace = tree.name("ns");
  const run = async (...args: string[]): Promise<void> => {
    const all = ["--kubeconfig", localKubeconfig, ...args];
    const { code, stderr } = await runCommand("kubectl", all, { cwd: tree.root });
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
  };
  await run("create", "namespace", namespace);
  return (...args) => run("--namespace", namespace, ...args);
}
