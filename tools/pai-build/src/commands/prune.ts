import { command } from "@pai/cli";
import { parseBytes, parseDuration } from "./amounts.ts";
import {
  engineOptions,
  engineOptionsOf,
  imageOptions,
  imageOptionsOf,
  treeOf,
  treeOptions,
} from "./options.ts";

export const prune = command({
  command: "prune",
  describe: "remove images of this tree that newer ones have replaced; without --yes only says which",
  options: {
    ...treeOptions,
    "older-than": {
      type: "string",
      default: "14d",
      describe: "younger ones stay: a number with m, h, d or w",
    },
    registry: {
      type: "boolean",
      default: false,
      describe: "also in the registry; never a manifest that another tag names",
    },
    kubeconfig: { type: "string", describe: "keep what this cluster runs or could be rolled back to" },
    context: { type: "string", describe: "the same, by a context of the kubeconfig" },
    "build-cache": {
      type: "string",
      describe: "make the engines' build cache no larger than that, such as 5GB; with --yes",
    },
    yes: { alias: "y", type: "boolean", default: false, describe: "remove them" },
    ...imageOptions,
    ...engineOptions,
  },
  examples: [
    ["pai-build prune", "what is older than two weeks and replaced"],
    ["pai-build prune --older-than 7d --registry --kubeconfig ~/.kube/config --yes", "remove it, for good"],
    ["pai-build prune --build-cache 5GB --yes", "and make the build cache smaller"],
  ],
  async run(options, { report, signal, output, print }) {
    const { registry, yes: apply, kubeconfig, context } = options;
    const cache = options["build-cache"];
    const buildCacheBytes = cache === undefined ? undefined : parseBytes("--build-cache", cache);
    const olderThanMs = parseDuration("--older-than", options["older-than"]);
    const { pruneImages, formatPruned } = await import("@pai/actions/images");
    const result = await pruneImages({
      ...treeOf(options),
      ...imageOptionsOf(options),
      ...engineOptionsOf(options),
      olderThanMs,
      registry,
      ...(kubeconfig === undefined && context === undefined ? {} : { cluster: { kubeconfig, context } }),
      buildCacheBytes,
      apply,
      report,
      signal,
    });
    if (output === "json") print(JSON.stringify({ type: "pruned", ...result }));
    else print(formatPruned(result, apply));
  },
});
