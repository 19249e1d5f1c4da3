import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { shimFolder } from "./shims.ts";

const kubectl = async (...argv: string[]) => {
  const { stdout } = await promisify(execFile)(path.join(shimFolder, "kubectl"), argv, {
    env: { PATH: process.env["PATH"], PAI_KUBECTL: "echo" },
  });
  return stdout.trimEnd();
};

test.each([
  [["apply", "-f", "a b.yaml"], "apply -f a b.yaml --openapi-patch=false"],
  [["--context", "apply", "get", "pods"], "--context apply get pods"],
  [["--namespace=x", "apply", "-f", "-"], "--namespace=x apply -f - --openapi-patch=false"],
  [["apply", "view-last-applied", "pod", "p"], "apply view-last-applied pod p"],
  [["create", "configmap", "apply"], "create configmap apply"],
  [[], ""],
])("kubectl %j", async (argv, expected) => {
  expect(await kubectl(...argv)).toBe(expected);
});

const python = async (name: string, ...argv: string[]) => {
  const { stdout } = await promisify(execFile)(path.join(shimFolder, name), argv, {
    env: { PATH: `${shimFolder}:${process.env["PATH"]}`, PAI_KUBECTL: "echo", PAI_NODE: "echo" },
  });
  return stdout.trimEnd();
};

test.each([
  [["python3", "-c", "print('a b')"], "a b"],
  [["python", "-m", "platform", "--nonsense"], expect.stringContaining("Linux")],
  [
    ["python", "-m", "k8sPaiLibrary.monitorTool.check_pod_ready_status", "-w", "-v", "a b"],
    expect.stringMatching(/src\/ask\.ts pods-ready -w -v a b$/),
  ],
  [["python", "-m", "k8sPaiLibrary.monitorTool.check_node_label_exist", "-k", "a", "-v", "b"], ""],
  [
    "python2 -m k8sPaiLibrary.maintaintool.update_resource --operation delete --resource daemonset --name d --namespace n".split(
      " ",
    ),
    "delete daemonset d --namespace n --cascade=foreground --ignore-not-found",
  ],
])("%j", async ([name = "", ...argv], expected) => {
  expect(await python(name, ...argv)).toEqual(expected);
});

test("what the helpers cannot do is said", async () => {
  const argv = [
    "-m",
    "k8sPaiLibrary.maintaintool.update_resource",
    "--operation",
    "grow",
    "--resource",
    "pod",
  ];
  await expect(python("python", ...argv)).rejects.toMatchObject({
    code: 2,
    stderr: "update_resource: it can delete a daemonset or a statefulset, not grow a pod\n",
  });
});
