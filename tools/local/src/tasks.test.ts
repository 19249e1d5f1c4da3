import { PaiError } from "@pai/core";
import { expect, test } from "vitest";
import { runTasks, taskOf, type Task, type TaskEvent } from "./tasks.ts";

const never = new AbortController().signal;

const task = (name: string, needs: readonly string[], run: Task["run"]): Task => ({
  name,
  title: name,
  needs,
  run,
});
const told = (events: readonly TaskEvent[]): string[] =>
  events.filter((event) => event.type !== "started").map((event) => `${event.task.name} ${event.type}`);

test("a task starts when those that it needs are done, and beside the others", async () => {
  const events: TaskEvent[] = [];
  const gate = Promise.withResolvers<string>();
  const tasks = [
    task("slow", [], () => gate.promise),
    task("first", [], async () => "made"),
    task("second", ["first"], async () => {
      gate.resolve("at last");
      return "made";
    }),
    task("last", ["slow", "second"], async () => "made"),
  ];
  await runTasks(tasks, { report: (event) => events.push(event), signal: never });
  expect(told(events).at(0)).toBe("first done");
  expect(told(events).slice(1, 3).toSorted()).toEqual(["second done", "slow done"]);
  expect(told(events).at(3)).toBe("last done");
});

test("after a failure, what needs it is skipped and the rest goes on", async () => {
  const events: TaskEvent[] = [];
  const failure = new PaiError("LOCAL_STACK", "no engine");
  const tasks = [
    task("engine", [], () => Promise.reject(failure)),
    task("image", ["engine"], async () => "made"),
    task("registry", [], async () => "made"),
  ];
  const report = (event: TaskEvent): void => void events.push(event);
  await expect(runTasks(tasks, { report, signal: never })).rejects.toBe(failure);
  expect(told(events).toSorted()).toEqual(["engine failed", "image skipped", "registry done"]);
});

test("several failures are reported together", async () => {
  const fail = (name: string): Task => task(name, [], () => Promise.reject(new Error(name)));
  const run = runTasks([fail("one"), fail("two")], { report: () => {}, signal: never });
  await expect(run).rejects.toMatchObject({ errors: [{ message: "one" }, { message: "two" }] });
});

test("an interruption is told as such, whatever the tasks throw", async () => {
  const controller = new AbortController();
  const tasks = [
    task("build", [], async ({ signal }) => {
      controller.abort();
      signal.throwIfAborted();
      return "made";
    }),
  ];
  const run = runTasks(tasks, { report: () => {}, signal: controller.signal });
  await expect(run).rejects.toMatchObject({ code: "INTERRUPTED" });
});

test("a healthy part is left alone, unless it is not what this checkout would start", async () => {
  const step = { say: () => {}, signal: never };
  const look = async () => ({ state: "healthy", origin: "ours", version: "1.2", address: "here" }) as const;
  const part = { name: "etcd", title: "etcd", needs: [], look, bring: async () => "restarted" };
  expect(await taskOf(part).run(step)).toBe("1.2 running, here");
  expect(await taskOf({ ...part, isCurrent: async () => false }).run(step)).toBe("1.2 restarted, here");
});

test("a part that is not healthy after it was brought up is a failure with the reason", async () => {
  const look = async () => ({ state: "unhealthy", reason: "disk full" }) as const;
  const part = { name: "etcd", title: "etcd", needs: [], look, bring: async () => "started" };
  const run = taskOf(part).run({ say: () => {}, signal: never });
  await expect(run).rejects.toMatchObject({ message: "bring up etcd", cause: { message: "disk full" } });
});
