import { followLogs, type LogLine } from "@pai/kubernetes";
import type { DeployOptions } from "./run.ts";
import { withServiceObjects } from "./service-objects.ts";

export interface LogsOptions extends DeployOptions {
  readonly follow: boolean;
  /** Of the containers before their last restart. */
  readonly previous: boolean;
  /** How many lines of each container; all when absent. */
  readonly tail?: number | undefined;
  readonly onLine: (line: LogLine) => void;
}

/** What the services' pods print, secrets masked. Ends with the logs, or with the signal when following. */
export async function serviceLogs(options: LogsOptions): Promise<void> {
  const { follow, previous, tail, signal, onLine } = options;
  await withServiceObjects(options, ({ connection, refs, mask }) =>
    followLogs({
      ...connection,
      refs: [...refs.values()].flat(),
      follow,
      previous,
      tail,
      signal,
      onLine: (line) => onLine({ ...line, text: mask(line.text) }),
    }),
  );
}
