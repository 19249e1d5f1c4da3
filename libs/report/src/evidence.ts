/** What was found in the cluster about one service that failed, secrets already hidden. */
export interface ServiceEvidence {
  readonly service: string;
  readonly objects: readonly ObjectRecord[];
  readonly pods: readonly PodRecord[];
  /** Oldest first. */
  readonly events: readonly EventRecord[];
  /** What could not be found out, and why. */
  readonly gaps: readonly string[];
}

export interface ObjectRecord {
  /** `DaemonSet hbase-master` */
  readonly name: string;
  readonly yaml: string;
}

export interface PodRecord {
  readonly name: string;
  readonly node?: string;
  readonly yaml: string;
  readonly logs: readonly LogRecord[];
}

export interface LogRecord {
  readonly container: string;
  /** Of this run of the container, or of the one before its restart. */
  readonly run: "current" | "previous";
  readonly text: string;
}

export interface EventRecord {
  /** ISO 8601. */
  readonly time: string;
  readonly type: string;
  readonly reason: string;
  /** `Pod hbase-x` */
  readonly about: string;
  readonly message: string;
}
