import { labelNodes, planNodeLabels, type PlannedNode } from "@pai/kubernetes";
import { changingWhileHeld, createExclusive } from "./exclusive.ts";
import type { DeployRun } from "./run.ts";

/** Sets the labels that differ, which one run does at a time. */
export async function bringLabels(run: DeployRun, planned: readonly PlannedNode[]): Promise<void> {
  const { connection, plan, report } = run;
  if (planned.every(({ added, removed }) => added.length + removed.length === 0)) return;
  const exclusive = createExclusive({ ...run, service: "node labels", lease: "pai-node-labels" });
  try {
    const waited = await exclusive.hold();
    const { objects } = changingWhileHeld(connection, exclusive);
    const nodes = waited ? await planNodeLabels(objects, plan.cluster) : planned;
    for (const { machine, added, removed } of await labelNodes(objects, nodes)) {
      const changes = [...added.map((label) => `+${label}`), ...removed.map((label) => `-${label}`)];
      report({ type: "progress", service: machine.nodeName, text: `labels ${changes.join(" ")}` });
    }
  } finally {
    await exclusive.release();
  }
}
