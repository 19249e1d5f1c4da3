import { labelNodes, planNodeLabels, type PlannedNode } from "@pai/kubernetes";
import { changingWhileHeld, createExclusive } from "./exclusive.ts";
import type { NodePlan } from "./planning/types.ts";
import type { DeployRun } from "./run.ts";

export function labelChanges(planned: readonly PlannedNode[]): NodePlan[] {
  return planned.flatMap(({ node, added, removed }) =>
    added.length + removed.length > 0 ? [{ node: node.metadata.name, added, removed }] : [],
  );
}

/**
 * Sets the labels that differ, which one run does at a time. What `check` throws keeps all of them from being
 * touched; it gets what is different when nobody else can change it any more.
 */
export async function bringLabels(
  run: DeployRun,
  planned: readonly PlannedNode[],
  check: (changes: readonly NodePlan[]) => void,
): Promise<void> {
  const { connection, plan, report } = run;
  if (labelChanges(planned).length === 0) return check([]);
  const exclusive = createExclusive({ ...run, service: "node labels", lease: "pai-node-labels" });
  try {
    await exclusive.hold();
    const { objects } = changingWhileHeld(connection, exclusive);
    const nodes = await planNodeLabels(objects, plan.cluster);
    check(labelChanges(nodes));
    for (const { machine, added, removed } of await labelNodes(objects, nodes)) {
      const changes = [...added.map((label) => `+${label}`), ...removed.map((label) => `-${label}`)];
      report({ type: "progress", service: machine.nodeName, text: `labels ${changes.join(" ")}` });
    }
  } finally {
    await exclusive.release();
  }
}
