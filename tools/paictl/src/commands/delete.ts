import { command } from "@pai/cli";
import type { Deletion } from "@pai/actions/deploy";
import { runOf, runOptions, withTarget } from "./options.ts";

export const delete_ = command({
  command: "delete",
  describe: "stop services and delete their data",
  options: {
    ...runOptions,
    yes: { alias: "y", type: "boolean", default: false, describe: "do not ask" },
  },
  examples: [
    ["paictl service delete -n hbase", "asks, then deletes hbase and its data"],
    ["paictl service delete -n hbase --yes", "the same in a script"],
  ],
  async run(options, { report, signal, confirm, print }) {
    const how = runOf(options);
    const { deleteServices, planDeletion } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, async (target) => {
      const query = { ...target, ...how, report, signal };
      if (!options.yes) {
        const deletions = await planDeletion(query);
        process.stderr.write(`${formatDeletions(deletions)}\n`);
        const names = deletions.map(({ service }) => service).join(", ");
        if (!(await confirm(`Delete ${names} and all that is named above?`, "--yes"))) {
          print("nothing was deleted");
          return;
        }
      }
      await deleteServices(query);
    });
  },
});

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
