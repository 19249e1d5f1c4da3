import { command } from "@pai/cli";
import { clusterOf, clusterOptions, idOf, idOptions } from "./options.ts";

export const externalConfigUpdate = command({
  command: "external-config-update",
  describe: "tell the cluster where pushes without -p take the configuration from",
  options: {
    // OpenPAI's spelling, which scripts have, and the one that people write.
    "external-storage-conf-path": {
      alias: ["e", "extneral-storage-conf-path"],
      type: "string",
      demandOption: true,
      describe: "file that says where the configuration is: type local or git, url, branch, path",
    },
    ...clusterOptions,
    ...idOptions,
  },
  examples: [["paictl config external-config-update -e storage.yaml --yes", "then: paictl config push"]],
  async run(options, context) {
    const { updateExternalStorage } = await import("@pai/actions/config");
    const { report, signal, print } = context;
    const file = options["external-storage-conf-path"];
    await updateExternalStorage({ ...clusterOf(options), ...idOf(options, context), file, report, signal });
    print("the cluster knows where its configuration is");
  },
});
