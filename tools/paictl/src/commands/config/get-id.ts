import { command } from "@pai/cli";
import { clusterOf, clusterOptions } from "./options.ts";

export const getId = command({
  command: "get-id",
  describe: "print the id of the cluster",
  options: clusterOptions,
  examples: [["paictl config get-id --context staging", "the id of another cluster of the kubeconfig"]],
  async run(options, { report, signal, print }) {
    const { readClusterIdOf } = await import("@pai/actions/config");
    print(await readClusterIdOf({ ...clusterOf(options), report, signal }));
  },
});
