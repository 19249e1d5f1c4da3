import { PaiError } from "@pai/core";
import { expect, test } from "vitest";
import { findAll } from "./find-all.ts";
import type { KubernetesObject, ListQuery, ObjectRef, Objects } from "./objects.ts";

const daemonSet = { apiVersion: "apps/v1", kind: "DaemonSet" };
const configMap = { apiVersion: "v1", kind: "ConfigMap" };

/** Has `a` and `foreign` in every namespace. */
function cluster(refusal?: PaiError): {
  readonly objects: Pick<Objects, "find" | "list" | "listMetadata">;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const present = ["a", "foreign"];
  const made = ({ apiVersion, kind, namespace = "" }: ListQuery, name: string): KubernetesObject => ({
    apiVersion,
    kind,
    metadata: { name, namespace },
  });
  const listAs = (what: string) => async (query: ListQuery) => {
    asked.push(`${what} ${query.kind} ${query.namespace}`);
    if (refusal) throw refusal;
    return Promise.resolve(present.map((name) => made(query, name)));
  };
  const find = (ref: ObjectRef): Promise<KubernetesObject | undefined> => {
    asked.push(`find ${ref.kind} ${ref.namespace}/${ref.name}`);
    return Promise.resolve(present.includes(ref.name) ? made(ref, ref.name) : undefined);
  };
  return { objects: { find, list: listAs("list"), listMetadata: listAs("list metadata of") }, asked };
}

const refs = [
  { ...daemonSet, namespace: "x", name: "a" },
  { ...configMap, namespace: "x", name: "a" },
  { ...daemonSet, namespace: "x", name: "absent" },
  { ...configMap, namespace: "y", name: "foreign" },
  ...Array.from({ length: 100 }, (_, index) => ({ ...configMap, namespace: "x", name: `absent-${index}` })),
];
const namesOf = (found: Awaited<ReturnType<typeof findAll>>): string[] =>
  found.flatMap(({ object }) =>
    object ? [`${object.kind} ${object.metadata.namespace}/${object.metadata.name}`] : [],
  );
const there = ["DaemonSet x/a", "ConfigMap x/a", "ConfigMap y/foreign"];

test("many objects cost a list per kind and namespace, and a single one a read", async () => {
  const { objects, asked } = cluster();
  const found = await findAll(objects, refs);
  expect(found.map(({ ref }) => ref)).toEqual(refs);
  expect(namesOf(found)).toEqual(there);
  expect(asked).toEqual(["list DaemonSet x", "list metadata of ConfigMap x", "find ConfigMap y/foreign"]);
  asked.length = 0;
  expect(namesOf(await findAll(objects, refs, { listFrom: 1 }))).toEqual(there);
  expect(asked.at(-1)).toBe("list metadata of ConfigMap y");
});

test("what may not be listed is read one by one, and a cluster that is away is no such refusal", async () => {
  const { objects, asked } = cluster(new PaiError("CLUSTER_DENIED", "list: forbidden"));
  expect(namesOf(await findAll(objects, refs))).toEqual(there);
  expect(asked.filter((each) => each.startsWith("find "))).toHaveLength(refs.length);
  const away = cluster(new PaiError("CLUSTER_UNREACHABLE", "list: no answer")).objects;
  await expect(findAll(away, refs)).rejects.toThrow("list: no answer");
});
