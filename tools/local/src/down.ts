import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { endBox, findBox } from "./box.ts";
import { ENGINE_BOX } from "./engine.ts";
import { DEFAULT_SOCKET } from "./engine-connection.ts";
import { endNodeBox, NODE_BOX } from "./kubernetes/node-box.ts";
import { withLock } from "./lock.ts";
import { endProcess, findProcess, forgetProcess, identify, processesBeside } from "./processes.ts";
import type { Settings } from "./settings.ts";
import type { Task, TaskEvent } from "./tasks.ts";
import { runTasks } from "./tasks.ts";

export interface DownOptions {
  readonly report: (event: TaskEvent) => void;
  readonly onWait: () => void;
  readonly signal: AbortSignal;
}

const POD_GRACE_MS = 10_000;

/** Ends all that the stack has started, and only that; data stays. */
export async function down(settings: Settings, options: DownOptions): Promise<void> {
  const { signal, report, onWait } = options;
  await withLock(settings, { signal, onWait }, () => endAll(settings, { signal, report }));
}

/** For who holds the lock already. */
export async function endAll(
  settings: Settings,
  options: Pick<DownOptions, "report" | "signal">,
): Promise<void> {
  const tasks: Task[] = [
    { name: "node", title: "node", needs: [], run: ({ say }) => endNode(settings, say) },
    { name: "registry", title: "registry", needs: [], run: () => endProgram(settings, "registry", 5_000) },
    { name: "engine", title: "Docker engine", needs: [], run: () => endEngine(settings) },
  ];
  await runTasks(tasks, options);
}

const nodePrograms = [
  "kubelet",
  "kube-proxy",
  "kube-scheduler",
  "kube-controller-manager",
  "kube-apiserver",
  "etcd",
  "containerd",
];

async function endNode(settings: Settings, say: (text: string) => void): Promise<string> {
  const init = await findBox(settings, NODE_BOX);
  if (init) {
    // Without the kubelet nobody starts again what ends now.
    await endProgram(settings, "kubelet", 2_000);
    say("ending pods");
    await endPods(init.pid);
    await endProgram(settings, "etcd", 5_000);
  }
  await endNodeBox(settings);
  await endProgram(settings, "gateway", 0);
  for (const name of nodePrograms) await forgetProcess(settings, name);
  return init ? "ended" : "was not running";
}

async function endPods(init: number): Promise<void> {
  const pods = async (): Promise<number[]> => {
    const all = await processesBeside(init);
    const groups = await Promise.all(
      all.map((pid) => readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "")),
    );
    return all.filter((_, index) => groups[index]?.includes("/kubepods/"));
  };
  const processes = await Promise.all((await pods()).map(identify));
  const deadline = Date.now() + POD_GRACE_MS;
  await Promise.all(
    processes.map(async (record) => {
      if (record) await endProcess({ ...record, since: "" }, Math.max(1, deadline - Date.now()));
    }),
  );
}

async function endEngine(settings: Settings): Promise<string> {
  const isOurs = (await findBox(settings, ENGINE_BOX)) !== undefined;
  const done = await endProgram(settings, "engine", 15_000);
  await endBox(settings, ENGINE_BOX);
  if (isOurs) {
    const leftovers = [
      DEFAULT_SOCKET,
      path.join(settings.runtime, "docker.pid"),
      path.join(settings.runtime, "docker"),
    ];
    await Promise.all(leftovers.map((file) => rm(file, { recursive: true, force: true })));
  }
  return done;
}

async function endProgram(settings: Settings, name: string, graceMs: number): Promise<string> {
  const record = await findProcess(settings, name);
  if (record) await endProcess(record, graceMs);
  await forgetProcess(settings, name);
  return record ? "ended" : "was not running";
}
