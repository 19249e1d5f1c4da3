// What would change in an object: the live one beside what the server would make of it.
import { isRecord } from "@pai/core";
import type { KubernetesObject } from "../objects.ts";
import { marks } from "./marks.ts";
import { withoutServerFields } from "./normalize.ts";

type Json = Readonly<Record<string, unknown>>;

export interface FieldChange {
  /** `spec.template.spec.containers[main].image` */
  readonly path: string;
  /** Undefined where there is none. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** The values are secret, and are not here. */
  readonly isSecret?: true;
}

/** Both as the server gives them; what only the server writes is left out. */
export function diffObjects(live: KubernetesObject, next: KubernetesObject): FieldChange[] {
  const changes = diffAt(plain(live), plain(next), "");
  if (live.kind !== "Secret") return changes;
  return changes.map((change) =>
    /^(?:data|stringData)\b/.test(change.path) ? { path: change.path, isSecret: true } : change,
  );
}

/** Whether pods are replaced because of it. */
export function restartsPods(
  { kind }: Pick<KubernetesObject, "kind">,
  changes: readonly FieldChange[],
): boolean {
  return (
    ["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet"].includes(kind) &&
    changes.some(({ path }) => path.startsWith("spec.template"))
  );
}

/** Whether the only reason for a restart is configuration that the pods use. */
export function isOnlyConfiguration(changes: readonly FieldChange[]): boolean {
  const template = changes.filter(({ path }) => path.startsWith("spec.template"));
  return template.length > 0 && template.every(({ path }) => path.endsWith(`[${marks.configuration}]`));
}

function plain(object: KubernetesObject): Json {
  const { status: _, ...rest } = object as unknown as Json;
  const metadata = withoutServerFields(object.metadata as unknown as Json);
  if (!isRecord(metadata["annotations"])) return { ...rest, metadata };
  const annotations = Object.entries(metadata["annotations"]).filter(
    ([key]) => !key.startsWith("deployment.kubernetes.io/"),
  );
  return { ...rest, metadata: { ...metadata, annotations: Object.fromEntries(annotations) } };
}

function diffAt(before: unknown, after: unknown, path: string): FieldChange[] {
  if (isRecord(before) && isRecord(after)) return diffRecords(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, path);
  if (isSame(before, after)) return [];
  // Parts of what is new or gone as a whole say more than its JSON does.
  if (isRecord(after) && before === undefined) return diffRecords({}, after, path);
  if (isRecord(before) && after === undefined) return diffRecords(before, {}, path);
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function diffRecords(before: Json, after: Json, path: string): FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return keys.flatMap((key) => diffAt(before[key], after[key], joinPath(path, key)));
}

function joinPath(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return path === "data" ? `data.${key}` : `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

function diffLists(before: readonly unknown[], after: readonly unknown[], path: string): FieldChange[] {
  const keys = identifyingKeys.find((key) => hasKey(before, key) && hasKey(after, key));
  const identify = (item: unknown, index: number): string =>
    keys === undefined ? String(index) : String((item as Json)[keys]);
  const old = new Map(before.map((item, index) => [identify(item, index), item]));
  const now = new Map(after.map((item, index) => [identify(item, index), item]));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id) =>
    diffAt(old.get(id), now.get(id), `${path}[${id}]`),
  );
}

const identifyingKeys = ["name", "mountPath", "containerPort", "port", "key", "ip", "topologyKey"];

function hasKey(list: readonly unknown[], key: string): boolean {
  const values = list.map((item) => (isRecord(item) ? item[key] : undefined));
  return !values.includes(undefined) && new Set(values).size === values.length;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
