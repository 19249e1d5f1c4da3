import type { NameCompletion } from "@pai/cli";

export const completeServices: NameCompletion = {
  after: ["-s", "--service"],
  names: async (root) => {
    const { readServices } = await import("@pai/model");
    return [...(await readServices(root)).keys()];
  },
};
