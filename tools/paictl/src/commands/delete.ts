import { command } from "@pai/cli";
import type { Deletion, DeletionPlan } from "@pai/actions/deploy";
import { runOf, runOptions, withTarget } from "./options.ts";

export const delete_ = command({
  command: "delete",
  describe: "stop services and delete their data",
  options: runOptions,
  examples: [
    ["paictl service delete -n hbase", "asks, then deletes hbase and its data"],
    ["paictl service delete -n hbase --yes", "the same in a script"],
  ],
  async run(options, { report, signal, confirm, print }) {
    const how = runOf(options);
    const { deleteServices, planDeletion } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, async (target) => {
      const query = { ...target, ...how, report, signal };
      if (options.yes) return deleteServices(query);
      const plan = await planDeletion(query);
      process.stderr.write(`${formatDeletions(plan.deletions)}\n`);
      if (!(await confirm(questionOf(plan), "--yes"))) return print("nothing was deleted");
      // The kubeconfig may lead elsewhere since it was asked.
      const expectedId = plan.cluster.id ?? query.expectedId;
      await deleteServices({ ...query, context: plan.cluster.name, expectedId });
    });
  },
});

/** Names the cluster, as the line about it may have scrolled away. */
export function questionOf({ cluster, deletions }: DeletionPlan): string {
  const { name, address, id } = cluster;
  const names = deletions.map(({ service }) => service).join(", ");
  const place = `the cluster ${name} (${address}${id === undefined ? "" : `, id ${id}`})`;
  return `Delete ${names} and all that is named above from ${place}?`;
}

export function formatDeletions(deletions: readonly Deletion[]): string {
  return deletions
    .flatMap(({ service, script, objects, kept }) => [
      service,
      ...(script === undefined ? [] : [`  runs      ${script}, which takes its data away`]),
      ...(objects.length === 0 ? [] : [`  deletes   ${objects.join(", ")}`]),
      ...(kept.length === 0 ? [] : [`  keeps     ${kept.join(", ")}`]),
      ...(script === undefined && objects.length === 0 ? ["  has nothing in the cluster"] : []),
    ])
    .join("\n");
}
