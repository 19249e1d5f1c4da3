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
  [["create", "configmap", "apply"], "create configmap apply"],
  [[], ""],
])("kubectl %j", async (argv, expected) => {
  expect(await kubectl(...argv)).toBe(expected);
});
