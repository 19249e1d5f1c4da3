// Which configuration a command on services works with: the one in the tree, or the one in the cluster.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PaiError } from "@pai/core";
import { readCluster } from "@pai/model";
import {
  differingNames,
  readConfigurationTexts,
  writeConfigurationTexts,
  type ConfigurationTexts,
} from "./files.ts";
import { readPushed } from "./store.ts";
import { withCluster, type ClusterSelection } from "../deploy/run.ts";

export interface ConfigurationChoice extends ClusterSelection {
  readonly root: string;
  /** Chosen by the user: nothing is asked of the cluster. */
  readonly folder?: string | undefined;
  readonly pushed: boolean;
}

const usualFolder = "configuration";

/**
 * Runs `work` with the folder of the configuration. Without a choice, it is the tree's `configuration` when
 * nothing was pushed or the same, and the pushed one when the tree has none. Throws CONFIG_INVALID when there
 * are two that differ: a stale one must not be deployed unnoticed.
 */
export async function withChosenConfiguration<T>(
  choice: ConfigurationChoice,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const { root, folder } = choice;
  if (folder !== undefined) return work(folder);
  const local = path.resolve(root, usualFolder);
  if (choice.pushed || !existsSync(local)) {
    const { texts, context } = await pull(choice, undefined);
    if (!texts) throw nothingPushed(choice.pushed, context);
    choice.report({ type: "connected", to: "cluster", name: `configuration as pushed to ${context}` });
    return withTexts(texts, work);
  }
  const { apiServerUrl } = await readCluster({ root, directory: usualFolder });
  const { texts, context } = await pull(choice, apiServerUrl);
  const differing = texts ? differingNames(texts, await readConfigurationTexts(local)) : [];
  if (differing.length === 0) return work(usualFolder);
  throw new PaiError(
    "CONFIG_INVALID",
    `the configuration here is not the one pushed to the cluster ${context}`,
    {
      details: differing.map((name) => `differs   ${usualFolder}/${name}`),
      hint: `say which: -p ${usualFolder} or --pushed; paictl config diff shows the lines`,
    },
  );
}

function pull(
  choice: ConfigurationChoice,
  apiServerUrl: string | undefined,
): Promise<{ readonly texts: ConfigurationTexts | undefined; readonly context: string }> {
  // The command itself says which cluster it is connected to.
  const quiet = { ...choice, report: () => {} };
  return withCluster(quiet, { apiServerUrl }, async ({ objects, context }) => ({
    texts: (await readPushed(objects))?.texts,
    context,
  }));
}

async function withTexts<T>(texts: ConfigurationTexts, work: (folder: string) => Promise<T>): Promise<T> {
  // Only its owner can enter it.
  const folder = await mkdtemp(path.join(tmpdir(), "pai-pushed-"));
  try {
    await writeConfigurationTexts(folder, texts);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function nothingPushed(asked: boolean, context: string): PaiError {
  return new PaiError(
    "CONFIG_INVALID",
    asked
      ? `no configuration was pushed to the cluster ${context}`
      : `there is no folder ${usualFolder} here, and none was pushed to the cluster ${context}`,
    {
      hint: "name the folder that holds layout.yaml: -p <folder>; paictl config push -p <folder> brings it there",
    },
  );
}
