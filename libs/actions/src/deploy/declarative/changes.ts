import { recordObject, type KubernetesObject } from "@pai/kubernetes";

type Change = "created" | "configured" | "unchanged";

/** What applying has done to each object. */
export function changesOf(
  before: readonly KubernetesObject[],
  applied: readonly KubernetesObject[],
): ReadonlyMap<KubernetesObject, Change> {
  const versions = new Map(before.map((each) => [each.metadata.uid, recordObject(each).version]));
  return new Map(
    applied.map((each) => {
      const version = versions.get(each.metadata.uid);
      if (version === undefined) return [each, "created"];
      return [each, version === recordObject(each).version ? "unchanged" : "configured"];
    }),
  );
}

/** `2 created, 1 configured, 3 unchanged, 1 deleted` */
export function summarizeObjects(changes: ReadonlyMap<KubernetesObject, Change>, deleted: number): string {
  const counts = { created: 0, configured: 0, unchanged: 0, deleted };
  for (const change of changes.values()) counts[change] += 1;
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(", ");
}
