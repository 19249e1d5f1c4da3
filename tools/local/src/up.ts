import { mkdir } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { withLock } from "./lock.ts";
import { clearWorkFolder, type Settings } from "./settings.ts";
import { stackParts } from "./stack.ts";
import { runTasks, taskOf, type Task, type TaskEvent } from "./tasks.ts";

export interface UpOptions {
  readonly report: (event: TaskEvent) => void;
  readonly onWait: () => void;
  readonly signal: AbortSignal;
  /** Run beside the parts, as soon as those that they need are there. */
  readonly beside?: readonly Task[];
}

/** Brings up what is not up. Parts that are healthy are left alone. */
export async function up(settings: Settings, options: UpOptions): Promise<void> {
  const { signal, report, onWait, beside = [] } = options;
  requireLinux();
  await makeHome(settings);
  await withLock(settings, { signal, onWait }, async () => {
    await clearWorkFolder(settings);
    await runTasks([...stackParts(settings).map(taskOf), ...beside], { report, signal });
  });
}

async function makeHome({ home, runtime }: Settings): Promise<void> {
  for (const folder of [home, runtime, path.join(home, "logs"), path.join(home, "volumes")])
    await mkdir(folder, { recursive: true });
}

function requireLinux(): void {
  if (process.platform === "linux" && process.getuid?.() === 0) return;
  throw new PaiError(
    "LOCAL_STACK",
    `bring up the local stack ${process.platform === "linux" ? "without root" : `on ${process.platform}`}`,
    {
      hint: [
        "run it as root on Linux, or use parts that exist and skip this step:",
        "  engine     DOCKER_HOST, a Docker context, or /var/run/docker.sock",
        "  registry   cluster.docker-registry in configuration/services-configuration.yaml",
        "  cluster    KUBECONFIG or --kubeconfig, and kubernetes.api-servers-url in configuration/layout.yaml",
      ].join("\n"),
    },
  );
}
