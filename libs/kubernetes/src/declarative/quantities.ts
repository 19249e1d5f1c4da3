// Older API servers refuse numbers where a quantity is meant, and a port without its protocol in an apply.
import { isRecord } from "@pai/core";
import { podSpecPath } from "@pai/model";

type Json = Readonly<Record<string, unknown>>;

/** The spec with its quantities as texts and its ports with their protocol. */
export function normalizeSpec(object: Json): Json {
  const path = podSpecPath(String(object["kind"]));
  if (path) return updateAt(object, path, normalizePodSpec);
  switch (object["kind"]) {
    case "Service":
      return updateAt(object, ["spec"], (spec) => withPorts(spec, "ports"));
    case "PersistentVolumeClaim":
      return updateAt(object, ["spec"], withQuantities);
    case "PersistentVolume":
      return updateAt(object, ["spec"], (spec) => textsIn(spec, "capacity"));
    case "ResourceQuota":
      return updateAt(object, ["spec"], (spec) => textsIn(spec, "hard"));
    default:
      return object;
  }
}

function normalizePodSpec(spec: Json): Json {
  const containers = ["containers", "initContainers"].reduce(
    (result, key) => mapList(result, key, (container) => withQuantities(withPorts(container, "ports"))),
    spec,
  );
  return mapList(containers, "volumes", (volume) =>
    isRecord(volume["emptyDir"]) ? { ...volume, emptyDir: textAt(volume["emptyDir"], "sizeLimit") } : volume,
  );
}

function withPorts(owner: Json, key: string): Json {
  return mapList(owner, key, (port) => ("protocol" in port ? port : { ...port, protocol: "TCP" }));
}

function withQuantities(owner: Json): Json {
  const { resources } = owner;
  if (!isRecord(resources)) return owner;
  return { ...owner, resources: textsIn(textsIn(resources, "limits"), "requests") };
}

function textsIn(owner: Json, key: string): Json {
  const values = owner[key];
  if (!isRecord(values)) return owner;
  const texts = Object.entries(values).map(([name, value]) => [name, textOf(value)] as const);
  return { ...owner, [key]: Object.fromEntries(texts) };
}

function textAt(owner: Json, key: string): Json {
  return key in owner ? { ...owner, [key]: textOf(owner[key]) } : owner;
}

function textOf(value: unknown): unknown {
  return typeof value === "number" ? String(value) : value;
}

function mapList(owner: Json, key: string, change: (item: Json) => Json): Json {
  const list = owner[key];
  if (!Array.isArray(list)) return owner;
  return { ...owner, [key]: list.map((item: unknown) => (isRecord(item) ? change(item) : item)) };
}

/** A copy with the record at `path` changed; the value itself where there is none. */
export function updateAt(record: Json, path: readonly string[], change: (at: Json) => Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return change(record);
  const child = record[key];
  return isRecord(child) ? { ...record, [key]: updateAt(child, rest, change) } : record;
}
