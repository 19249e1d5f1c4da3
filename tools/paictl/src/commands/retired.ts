import type { CliCommand } from "@pai/cli";
import { PaiError } from "@pai/core";

const today: Readonly<Record<string, { readonly did: string; readonly hint: string }>> = {
  machine: {
    did: "installed Kubernetes on machines over ssh",
    hint: "join or remove the node with your Kubernetes installer, then  paictl layout  and  paictl service refresh",
  },
  cluster: {
    did: "installed and removed Kubernetes over ssh",
    hint: "any Kubernetes will do; pai-local up  makes one here,  paictl layout  describes an existing one",
  },
  node: {
    did: "added and removed nodes with kubespray",
    hint: "join or remove the node with your Kubernetes installer, then  paictl layout  and  paictl service refresh",
  },
  utility: {
    did: "ran commands and copied files on all machines over ssh",
    hint: "use ssh itself or a tool such as Ansible; the machines stand in configuration/layout.yaml",
  },
};

/** OpenPAI's commands that worked over ssh: their names stay, and say what to do today. */
export const retired: readonly CliCommand[] = Object.entries(today).map(([name, { did, hint }]) => ({
  register: (cli, start) =>
    cli.command(
      `${name} [arguments..]`,
      // Not in the list of --help: nobody new should look for it.
      false,
      (yargs) => yargs.strict(false),
      () =>
        start({ output: "plain", progress: "plain", verbose: false }, () =>
          Promise.reject(
            new PaiError("USAGE", `paictl ${name} ${did}, which pai leaves to others`, { hint }),
          ),
        ),
    ),
}));
