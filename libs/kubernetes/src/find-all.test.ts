import { expect, test } from "vitest";
import { findByLists } from "./find-all.ts";
import type { KubernetesObject, ListQuery } from "./objects.ts";

test("what is in the cluster is found by a list per kind and namespace", async () => {
  const kind = { apiVersion: "apps/v1", kind: "DaemonSet" };
  const asked: ListQuery[] = [];
  const list = (query: ListQuery): Promise<KubernetesObject[]> => {
    asked.push(query);
    const { namespace = "" } = query;
    return Promise.resolve(["a", "foreign"].map((name) => ({ ...kind, metadata: { name, namespace } })));
  };
  const found = await findByLists({ list }, [
    { ...kind, namespace: "x", name: "a" },
    { ...kind, namespace: "x", name: "absent" },
    { ...kind, namespace: "y", name: "foreign" },
  ]);
  expect(found.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual(["x/a", "y/foreign"]);
  expect(asked).toEqual([
    { ...kind, namespace: "x" },
    { ...kind, namespace: "y" },
  ]);
});
