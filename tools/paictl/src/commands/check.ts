import { nearMisses, PaiError } from "@pai/core";
import { command } from "@pai/cli";
import { serviceOptions, targetOf } from "./options.ts";

const {
  "cluster-conf-path": configuration,
  model,
  "service-name": services,
  "kube-config-path": kubeconfig,
  context,
  root,
} = serviceOptions;

export const check = command({
  command: "check",
  describe: "find mistakes in services and configuration; needs no engine and no cluster",
  options: {
    "cluster-conf-path": configuration,
    model,
    "service-name": services,
    "kube-config-path": kubeconfig,
    context,
    root,
    offline: {
      type: "boolean",
      default: false,
      describe: "check objects against the bundled Kubernetes API, even where the cluster would answer",
    },
    format: {
      choices: ["text", "json", "github", "sarif"] as const,
      describe: "how findings are written; github makes annotations in a workflow's log",
    },
    ignore: {
      type: "string",
      array: true,
      describe: "rules that say nothing, such as --ignore unlisted-template; docs/rules.md lists all",
    },
  },
  examples: [
    ["paictl check", "everything; exit code 1 when there are errors"],
    ["paictl check --model model.yaml", "services and templates against a model that was made elsewhere"],
    [
      "paictl check --offline",
      "the same findings wherever it runs: no cluster is asked what its objects hold",
    ],
    ["paictl check -n hbase --format github", "one service, as annotations"],
  ],
  async run(options, { output, print, report, signal }) {
    const { allRules, checkTree, formatResult } = await import("@pai/actions/check");
    const known = allRules.map(({ id }) => id);
    for (const rule of options.ignore ?? []) {
      if (known.includes(rule)) continue;
      const [near] = nearMisses(rule, known);
      throw new PaiError("USAGE", `--ignore ${rule}: there is no such rule`, {
        hint: near === undefined ? "docs/rules.md lists all rules" : `did you mean "${near}"?`,
      });
    }
    const { root, kubeconfig, context, ...target } = targetOf(options);
    const result = await checkTree({
      ...target,
      root,
      ignore: options.ignore,
      cluster: options.offline ? undefined : { kubeconfig, context },
      report,
      signal,
    });
    print(formatResult(result, options.format ?? (output === "json" ? "json" : "text")));
    return result.findings.some(({ level }) => level === "error") ? 1 : 0;
  },
});
