import { spawn, type ChildProcess } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { endProcess, identify, isAlive, type ProcessRecord } from "./processes.ts";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function start(
  ...argv: readonly [string, ...string[]]
): Promise<{ child: ChildProcess; record: ProcessRecord }> {
  const [command, ...args] = argv;
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  await new Promise((resolve) => child.once("spawn", resolve));
  const identity = await identify(child.pid ?? 0);
  if (!identity) throw new Error("it ended");
  return { child, record: { ...identity, since: "" } };
}

test("ends a process gently and returns when it is gone", async () => {
  const { child, record } = await start("sleep", "1000");
  const ended = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  await endProcess(record, 5_000);
  expect(await isAlive(record)).toBe(false);
  expect(await ended).toBe("SIGTERM");
});

test("kills a process that does not end within its grace", async () => {
  const { child, record } = await start("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done");
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  await endProcess(record, 200);
  expect(await isAlive(record)).toBe(false);
});

test("leaves a process alone that has got the number of a recorded one", async () => {
  const { child, record } = await start("sleep", "1000");
  const stale = { ...record, startTime: String(Number(record.startTime) - 1) };
  expect(await isAlive(stale)).toBe(false);
  await endProcess(stale, 0);
  expect(await isAlive({ ...record, boot: "an earlier one" })).toBe(false);
  await endProcess({ ...record, boot: "an earlier one" }, 0);
  expect(await isAlive(record)).toBe(true);
  expect(child.signalCode).toBe(null);
});
