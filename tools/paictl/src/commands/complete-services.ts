import type { NameCompletion } from "@pai/cli";

export const completeServices: NameCompletion = {
  after: ["-n", "--service-name", "--service-list", "-k", "--skip"],
  names: async (root) => {
    const { readServices } = await import("@pai/model");
    return [...(await readServices(root)).keys()];
  },
};
