/** What a line of kubectl's output says about one object. */
export interface KubectlLine {
  /** As kubectl prints the kind: `configmap`, `daemonset.apps`. */
  readonly kind: string;
  readonly name: string;
  readonly change: "created" | "configured" | "unchanged" | "deleted";
}

const applied =
  /^(?<kind>[a-z][\w.-]*)\/(?<name>[\w.:-]+) (?<verb>created|configured|unchanged|replaced|serverside-applied)$/;
const deleted = /^(?<kind>[a-z][\w.-]*) "(?<name>[\w.:-]+)" (?:force )?deleted(?: from \S+ namespace)?$/;

/** Undefined for every other line; those of a dry run are such. */
export function parseKubectlLine(line: string): KubectlLine | undefined {
  const found = applied.exec(line.trim()) ?? deleted.exec(line.trim());
  const { kind = "", name = "", verb } = found?.groups ?? {};
  if (!found) return undefined;
  if (verb === undefined) return { kind, name, change: "deleted" };
  return { kind, name, change: verb === "created" || verb === "unchanged" ? verb : "configured" };
}

/** `2 created, 1 configured, 4 unchanged` */
export function summarizeChanges(lines: readonly KubectlLine[]): string {
  // The last line about an object counts: scripts that replace one delete it first.
  const last = new Map(lines.map((line) => [`${line.kind}/${line.name}`, line.change]));
  return (["created", "configured", "deleted", "unchanged"] as const)
    .map((change) => [[...last.values()].filter((each) => each === change).length, change] as const)
    .filter(([count]) => count > 0)
    .map(([count, change]) => `${count} ${change}`)
    .join(", ");
}
