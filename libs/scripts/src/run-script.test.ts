import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runScript } from "./run-script.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), "pai-scripts-"))));
afterAll(() => rm(folder, { recursive: true }));

async function run(text: string, options: Partial<Parameters<typeof runScript>[0]> = {}) {
  const file = path.join(folder, `${crypto.randomUUID()}.sh`);
  await writeFile(file, text);
  const lines: string[] = [];
  const promise = runScript({
    file,
    cwd: folder,
    env: { PATH: process.env["PATH"] },
    onLine: (line, stream) => lines.push(`${stream}: ${line}`),
    signal: new AbortController().signal,
    graceMs: 300,
    ...options,
  });
  return { lines, promise };
}

test("passes lines on as they come, the last one without a line break too", async () => {
  const { lines, promise } = await run(
    "echo one; echo two >&2; printf 'thr\\303'; sleep 0.1; printf '\\251e'",
  );
  expect(await promise).toEqual({ code: 0 });
  expect(lines.toSorted()).toEqual(["stderr: two", "stdout: one", "stdout: thrée"]);
});

test("arguments and environment arrive as they are, and nothing else", async () => {
  const { lines, promise } = await run('echo "$#:$1:$GREETING:$HOME"', {
    args: ["a b; $(x)"],
    env: { PATH: process.env["PATH"], GREETING: "$(hi)" },
  });
  await promise;
  expect(lines).toEqual(["stdout: 1:a b; $(x):$(hi):"]);
});

test.each([
  ["exit 3", 3],
  ["kill -9 $$", 137],
])("%s gives %i", async (text, code) => {
  expect(await (await run(text)).promise).toEqual({ code });
});

test("an abort ends the whole group, even children that ignore SIGTERM", async () => {
  const controller = new AbortController();
  const pids = path.join(folder, "pids");
  const { promise } = await run(`trap '' TERM; sleep 77 & echo $! > ${pids}; sleep 77`, {
    signal: controller.signal,
  });
  promise.catch(() => undefined);
  await expect.poll(() => readFile(pids, "utf8").catch(() => "")).toMatch(/\n$/);
  controller.abort(new Error("stop"));
  await expect(promise).rejects.toThrow("stop");
  const pid = Number(await readFile(pids, "utf8"));
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("what a script left in the background ends with it", async () => {
  const pids = path.join(folder, "background");
  const { promise } = await run(`sleep 78 & echo $! > ${pids}`);
  expect(await promise).toEqual({ code: 0 });
  await expect.poll(async () => isAlive(Number(await readFile(pids, "utf8")))).toBe(false);
});

test("a script over its time is ended and named", async () => {
  const { promise } = await run("sleep 79", { timeoutMs: 100 });
  await expect(promise).rejects.toMatchObject({ code: "SCRIPT_FAILED", message: /did not end within 0 s$/ });
});

test.each([
  ["sleeps in children", "sleep 77 & sleep 77"],
  ["ignores SIGTERM", "trap '' TERM; sleep 77 & sleep 77"],
])(
  "a script that %s ends with the tool that was killed",
  async (_, text) => {
    const name = crypto.randomUUID();
    const file = path.join(folder, `${name}.sh`);
    const started = path.join(folder, `${name}.pid`);
    await writeFile(file, `echo $$ > ${started}\n${text}\n`);
    const options = `{ file: ${JSON.stringify(file)}, cwd: "/", env: process.env, onLine() {}, signal: new AbortController().signal }`;
    const subject = new URL("run-script.ts", import.meta.url).href;
    const code = `import { runScript } from "${subject}"; await runScript(${options});`;
    const tool = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
    try {
      await expect.poll(() => readFile(started, "utf8").catch(() => ""), { timeout: 20_000 }).toMatch(/\n$/);
    } finally {
      tool.kill("SIGKILL");
    }
    const group = Number(await readFile(started, "utf8"));
    await expect.poll(() => aliveIn(group), { timeout: 10_000 }).toEqual([]);
  },
  40_000,
);

test("a script sees nothing of what ends it, and does not wait for it", async () => {
  await writeFile(path.join(folder, "env.sh"), "echo once\n");
  const { lines, promise } = await run('wait; echo "$0 $#"; [ -e /proc/$$/fd/3 ] || echo closed', {
    env: { PATH: process.env["PATH"], BASH_ENV: path.join(folder, "env.sh") },
  });
  expect(await promise).toEqual({ code: 0 });
  expect(lines.map((line) => line.replace(/\S+\.sh/, "FILE"))).toEqual([
    "stdout: once",
    "stdout: FILE 0",
    "stdout: closed",
  ]);
});

/** Processes of the group that have not ended. */
function aliveIn(group: number): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || !isAlive(Number(pid))) return false;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]) === group;
    } catch {
      return false; // It ended meanwhile.
    }
  });
}

// A process that ended but was not reaped by its parent still has a number.
function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) Z /.test(readFileSync(stat, "utf8"));
}
