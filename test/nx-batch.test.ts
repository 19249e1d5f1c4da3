// Many tasks in one process: whose fault it is, what it says, and Ctrl-C.
import { randomUUID } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { localKubeconfig } from "./support/cluster.ts";
import { runOnTerminal } from "./support/terminal.ts";
import { engine, importShell, localTags } from "./support/docker.ts";
import { copyWorkspace, type Workspace } from "./support/workspace.ts";

const id = `nx-batch-${randomUUID().slice(0, 8)}`;
const shell = `${id}/shell:1`;
const starts = `${id}-starts`;
const fails = `${id}-fails`;
const modes = ["default", "true", "false"];

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
    "left/build/left": `FROM ${shell}\nRUN ["/bin/sh", "-c", "sleep 120; : ${id}-left"]\n`,
    "right/build/right": `FROM ${shell}\nRUN ["/bin/sh", "-c", "sleep 120; : ${id}-right"]\n`,
  };
  for (const [name, content] of Object.entries(images))
    await workspace.write(`src/${name}.dockerfile`, content);
  for (const [name, script] of [
    [starts, "echo begins; exit 0"],
    [fails, "echo gives up; exit 7"],
  ]) {
    await workspace.write(`src/${name}/deploy/service.yaml`, "start-script: start.sh\n");
    await workspace.write(`src/${name}/deploy/start.sh`, `#!/bin/bash\n${script}\n`);
  }
  await workspace.commit("first");
  await importShell(`${id}/shell`);
});
afterAll(async () => {
  const records = [starts, fails].flatMap((name) => [`pai-service-${name}`, `pai-history-${name}`]);
  const kubectl = ["--kubeconfig", localKubeconfig, "delete", "--ignore-not-found", "configmap,secret"];
  await workspace.run("kubectl", ...kubectl, ...records);
  for (const tag of await localTags(id)) await engine("DELETE", `/images/${tag}?force=true`);
  await workspace.dispose();
});

test("one image of a service is built without the others", async () => {
  const { code, stdout } = await workspace.run("nx", "run", "app:build", "--output-style=static");
  expect({ code, stdout }).toMatchObject({ code: 0 });
  expect(stdout).toContain("tools:build-tools-good");
  expect(stdout).not.toContain("tools-bad");
});

interface ManyTasks {
  readonly code: number;
  readonly output: string;
  readonly failed: readonly string[] | undefined;
  /** What stands below the heading of a task. */
  readonly outputOf: (task: string) => string;
}

async function runMany(mode: string, ...args: string[]): Promise<ManyTasks> {
  const settings = mode === "default" ? [] : [`NX_BATCH_MODE=${mode}`];
  const many = ["run-many", ...args, "--output-style=static", "--nxBail=false"];
  const { code, stdout, stderr } = await workspace.run("env", ...settings, "nx", ...many);
  const output = stdout + stderr;
  const failed = /Failed tasks:\n\n((?:- .*\n)+)/.exec(output)?.[1]?.trim().split("\n").toSorted();
  const parts = output.split(/^> nx run /m);
  // The heading of a task that is alone in its batch comes twice, once with nothing below it.
  const outputOf = (task: string): string => parts.filter((part) => part.split(/\s/, 1)[0] === task).join("");
  return { code, output, failed, outputOf };
}

test.each(modes)(
  "each task fails with its own reason, and what needs it is skipped (NX_BATCH_MODE: %s)",
  async (mode) => {
    const { code, output, failed } = await runMany(mode, "-t", "build", "-p", "app,above,tools,typo");
    expect(code).toBe(1);
    expect(failed).toEqual(["- tools:build-tools-bad", "- typo:build"]);
    expect(output).toContain("exit 3");
    expect(output).toMatch(/--> src\/tools\/build\/tools-bad\.dockerfile:2/);
    expect(output).toContain("unknown instruction: RUNN");
    expect(output).toMatch(/--> src\/typo\/build\/typo\.dockerfile:2/);
  },
);

/** Each is for some of the targets only. */
const options = [
  `--kubeconfig=${localKubeconfig}`,
  "--timeout=60",
  "--yes",
  "--network=host",
  "--builder=auto",
];

test.each(modes)(
  "a failed check, push and start are told as those of their service, beside others that succeed (NX_BATCH_MODE: %s)",
  async (mode) => {
    const projects = `app,typo,${starts},${fails}`;
    const many = ["-t", "check,push,deploy", "-p", projects, "--excludeTaskDependencies", ...options];
    const { code, failed, outputOf } = await runMany(mode, ...many);
    const expected = {
      "typo:check": '"RUNN" is no instruction of a Dockerfile',
      "typo:push": "error[IMAGE_NOT_FOUND]: push typo: ",
      [`${fails}:deploy`]: "start.sh ended with exit code 7",
    };
    expect({ code, failed }).toEqual({
      code: 1,
      failed: Object.keys(expected)
        .map((t) => `- ${t}`)
        .toSorted(),
    });
    for (const [task, reason] of Object.entries(expected)) {
      expect(outputOf(task)).toContain(reason);
      for (const other of ["app:check", "app:push", `${starts}:deploy`])
        expect(outputOf(other)).not.toContain(reason);
    }
    // The first mode makes it, the others find it.
    expect(outputOf("app:push")).toMatch(/pushed sha256:|in the registry/);
    expect(outputOf(`${starts}:deploy`)).toMatch(/begins|nothing changed/);
  },
);

test.each(["--tag=v2", "--registry=registry.example.org/other"])(
  "a deployment refuses %s, as it would not run what is pushed there",
  async (option) => {
    const { code, stdout, stderr } = await workspace.run("nx", "run", `${starts}:deploy`, option);
    expect(code).toBe(1);
    const [name] = option.split("=");
    expect(stdout + stderr).toContain(`error[USAGE]: ${name} is for pushes: a deployment runs what`);
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

/** Command lines and environments of this machine's processes with the text; the engine's steps are among them. */
async function processesWith(text: string, what: "cmdline" | "environ"): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = pids.map((pid) => readFile(`/proc/${pid}/${what}`, "utf8").catch(() => ""));
  return (await Promise.all(read)).filter((found) => found.includes(text));
}

test("Ctrl-C on a terminal leaves it as it was, and nothing that still runs", async () => {
  const { NX_TUI: _tui, NO_COLOR: _color, ...env } = workspace.env;
  const nx = "nx run-many -t build -p left,right";
  const script = `before=$(stty -g); ${nx}; echo "code $?"; [ "$before" = "$(stty -g)" ] && echo "as before"`;
  const run = runOnTerminal(["sh", "-c", script], {
    cwd: workspace.root,
    env: { ...env, NX_TUI: "true", NX_BATCH_MODE: "true" },
  });
  const steps = ["left", "right"].map((name) => `sleep 120; : ${id}-${name}`);
  for (const step of steps)
    await vi.waitFor(async () => expect(await processesWith(step, "cmdline")).not.toEqual([]), 30_000);
  const started = performance.now();
  run.type("\u0003");
  await run.ended;
  expect(performance.now() - started).toBeLessThan(5000);
  expect(run.isCursorVisible()).toBe(true);
  const screen = run.screen().join("\n");
  expect(screen).toContain("code 130");
  expect(screen).toContain("as before");
  const cache = workspace.env["NX_CACHE_DIRECTORY"] ?? "";
  expect(await processesWith(`NX_CACHE_DIRECTORY=${cache}`, "environ")).toEqual([]);
  // The engine ends the steps of a build that was given up a moment later.
  for (const step of steps)
    await vi.waitFor(async () => expect(await processesWith(step, "cmdline")).toEqual([]), 15_000);
});
