import { existsSync, readFileSync } from "node:fs";
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

// A process that ended but was not reaped by its parent still has a number.
function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) Z /.test(readFileSync(stat, "utf8"));
}
