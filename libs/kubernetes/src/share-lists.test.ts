import { expect, test } from "vitest";
import type { ListQuery, Objects } from "./objects.ts";
import { shareLists } from "./share-lists.ts";

test("a list is asked for once, also by those who ask at the same time, and others by themselves", async () => {
  const asked: ListQuery[] = [];
  const list: Objects["list"] = (query) => {
    asked.push(query);
    return Promise.resolve([]);
  };
  const shared = shareLists({ list, listMetadata: list } as Objects);
  const pods = { apiVersion: "v1", kind: "Pod", namespace: "a" };
  await Promise.all([shared.list(pods), shared.list({ ...pods }), shared.list({ ...pods, namespace: "b" })]);
  await shared.list(pods);
  expect(asked).toEqual([pods, { ...pods, namespace: "b" }]);
  await Promise.all([shared.listMetadata(pods), shared.listMetadata({ ...pods })]);
  expect(asked).toHaveLength(3);
});
