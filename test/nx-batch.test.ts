// Many tasks in one process: whose fault it is, what it says, and Ctrl-C.
import { randomUUID } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engine, importShell, localTags } from "./support/docker.ts";
import { copyWorkspace, type Workspace } from "./support/workspace.ts";

const id = `nx-batch-${randomUUID().slice(0, 8)}`;
const shell = `${id}/shell:1`;

let workspace: Workspace;
beforeAll(async () => {
  workspace = await copyWorkspace("hbase-mini");
  await rm(path.join(workspace.root, "src"), { recursive: true });
  const file = "configuration/services-configuration.yaml";
  const text = await workspace.read(file);
  await workspace.write(file, text.replace("namespace: hbase-mini", `namespace: ${id}`));
  const images = {
    "tools/build/tools-good": `FROM ${shell}\nRUN ["/bin/sh", "-c", "exit 0"]\n`,
    "tools/build/tools-bad": `FROM ${shell}\nRUN ["/bin/sh", "-c", "exit 3"]\n`,
    "app/build/app": "FROM tools-good\n",
    "above/build/above": "FROM tools-bad\n",
    "typo/build/typo": `FROM ${shell}\nRUNN x\n`,
    "slow/build/slow": `FROM ${shell}\nRUN ["/bin/sh", "-c", "sleep 120"]\n`,
  };
  for (const [name, content] of Object.entries(images))
    await workspace.write(`src/${name}.dockerfile`, content);
  await workspace.commit("first");
  await importShell(`${id}/shell`);
});
afterAll(async () => {
  for (const tag of await localTags(id)) await engine("DELETE", `/images/${tag}?force=true`);
  await workspace.dispose();
});

test("one image of a service is built without the others", async () => {
  const { code, stdout } = await workspace.run("nx", "run", "app:build", "--output-style=static");
  expect({ code, stdout }).toMatchObject({ code: 0 });
  expect(stdout).toContain("tools:build-tools-good");
  expect(stdout).not.toContain("tools-bad");
});

test.each(["default", "true", "false"])(
  "each task fails with its own reason, and what needs it is skipped (NX_BATCH_MODE: %s)",
  async (mode) => {
    const settings = mode === "default" ? [] : [`NX_BATCH_MODE=${mode}`];
    const many = ["run-many", "-t", "build", "-p", "app,above,tools,typo", "--output-style=static"];
    const { code, stdout, stderr } = await workspace.run("env", ...settings, "nx", ...many, "--nxBail=false");
    expect(code).toBe(1);
    const output = stdout + stderr;
    const failed = /Failed tasks:\n\n((?:- .*\n)+)/.exec(output)?.[1]?.trim().split("\n").toSorted();
    expect(failed).toEqual(["- tools:build-tools-bad", "- typo:build"]);
    expect(output).toContain("exit 3");
    expect(output).toMatch(/--> src\/tools\/build\/tools-bad\.dockerfile:2/);
    expect(output).toContain("unknown instruction: RUNN");
    expect(output).toMatch(/--> src\/typo\/build\/typo\.dockerfile:2/);
  },
);

test("Ctrl-C ends everything within 5 s, with 130", async () => {
  const child = spawn("nx", ["run-many", "-t", "build", "-p", "slow,app"], {
    cwd: workspace.root,
    env: workspace.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stderr.resume();
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      output += String(chunk);
      if (/slow +(?:building|step)/.test(output)) resolve();
    });
    child.on("close", () => resolve());
  });
  const started = performance.now();
  // A terminal tells the whole group.
  process.kill(-(child.pid ?? 0), "SIGINT");
  const [code] = (await once(child, "close")) as [number];
  expect(performance.now() - started).toBeLessThan(5000);
  expect({ code, output }).toMatchObject({ code: 130 });
});
