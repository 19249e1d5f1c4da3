import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseContext, findKubeconfigFiles, loadKubeconfig, sameServer } from "./kubeconfig.ts";

let folder: string;
const file = (name: string): string => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pai-kubeconfig-"));
  await mkdir(file("home/.kube"), { recursive: true });
  await mkdir(file("local"));
  await writeFile(file("home/.kube/config"), config("prod", { prod: "https://prod:6443" }));
  await writeFile(file("local/kubeconfig"), config("local", { local: "https://10.77.0.1:6443" }));
  await writeFile(file("one"), config("", { a: "https://one:6443", b: "https://two:6443" }));
  await writeFile(file("two"), config("b", { a: "https://other:6443", c: "https://three:6443" }));
  await writeFile(file("broken"), "contexts: [");
});
afterAll(() => rm(folder, { recursive: true }));

function config(current: string, servers: Readonly<Record<string, string>>): string {
  const names = Object.entries(servers);
  return JSON.stringify({
    "current-context": current,
    clusters: names.map(([name, server]) => ({ name, cluster: { server } })),
    contexts: names.map(([name]) => ({ name, context: { cluster: name, user: name } })),
    users: names.map(([name]) => ({ name, user: {} })),
  });
}

const find = (env: Record<string, string>, explicit?: string) =>
  findKubeconfigFiles({
    env: { PAI_LOCAL_HOME: file("local"), ...env },
    home: file("home"),
    ...(explicit === undefined ? {} : { explicit }),
  });

test("the named file goes before KUBECONFIG, that before the local stack, that before the user's own", () => {
  const env = { KUBECONFIG: `${file("one")}:${file("absent")}:${file("two")}` };
  expect(find(env, file("two"))).toEqual([file("two")]);
  expect(find(env)).toEqual([file("one"), file("two")]);
  expect(find({})).toEqual([file("local/kubeconfig")]);
  expect(find({ PAI_LOCAL_HOME: file("nowhere") })).toEqual([file("home/.kube/config")]);
});

test("without any file it says where it looked", () => {
  expect(() => find({}, file("absent"))).toThrow(/absent does not exist$/);
  expect(() => find({ KUBECONFIG: file("absent") })).toThrow(
    expect.objectContaining({ code: "CLUSTER_UNREACHABLE", details: [`looked for ${file("absent")}`] }),
  );
});

test("files are merged as kubectl does: the first one wins", async () => {
  const merged = await loadKubeconfig([file("one"), file("two")]);
  expect(merged.currentContext).toBe("b");
  expect(merged.clusters.find(({ name }) => name === "a")?.server).toBe("https://one:6443");
  expect(merged.contexts.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  await expect(loadKubeconfig([file("broken")])).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

test.each([
  ["https://10.77.0.1:6443", "https://10.77.0.1:6443/", true],
  ["https://Prod.example", "https://prod.example:443", true],
  ["https://a/k8s/c1", "https://a/k8s/c2", false],
  ["http://a:6443", "https://a:6443", false],
  ["nonsense", "nonsense", false],
])("%s and %s: the same server is %s", (a, b, same) => {
  expect(sameServer(a, b)).toBe(same);
});

test("the current context counts if it is the configured server, else any that is", async () => {
  const files = [file("one"), file("two")];
  const merged = await loadKubeconfig(files);
  expect(chooseContext(merged, { server: "https://two:6443", files }).name).toBe("b");
  expect(chooseContext(merged, { server: "https://three:6443", files }).name).toBe("c");
  expect(chooseContext(merged, { server: "https://one:6443", context: "a", files }).name).toBe("a");
});

test("no other cluster is touched, and a named context is never exchanged", async () => {
  const files = [file("one"), file("two")];
  const merged = await loadKubeconfig(files);
  const server = "https://three:6443";
  expect(() => chooseContext(merged, { server: "https://four:6443", files })).toThrow(
    expect.objectContaining({ code: "CLUSTER_MISMATCH" }),
  );
  expect(() => chooseContext(merged, { server, context: "a", files })).toThrow(
    expect.objectContaining({ code: "CLUSTER_MISMATCH" }),
  );
  expect(() => chooseContext(merged, { server, context: "cc", files })).toThrow('has no context "cc"');
});
