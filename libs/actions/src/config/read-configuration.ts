import type { Report } from "@pai/core";
import { readCluster, readModelFile, type Cluster } from "@pai/model";
import { startPython } from "@pai/scripts";
import { tellWarnings } from "./tell-warnings.ts";

export interface ReadConfigurationOptions {
  readonly root: string;
  readonly configuration: string;
  /** A file with the whole model, in place of the configuration and the services' code. */
  readonly model?: string | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * The cluster with its whole object model: the services' config/*.ts and config/*.py have run, the latter in
 * one python3. What they print comes as warnings.
 */
export async function readConfiguration(options: ReadConfigurationOptions): Promise<Cluster> {
  const cluster = await read(options);
  tellWarnings(cluster.warnings, options.report);
  return cluster;
}

function read(options: ReadConfigurationOptions): Promise<Cluster> {
  const { root, configuration: directory, model: file, report, signal } = options;
  if (file !== undefined) return readModelFile({ root, file });
  return readCluster({
    root,
    directory,
    code: {
      startPython,
      signal,
      onPrinted: (service, message) => report({ type: "warning", service, message }),
    },
  });
}
