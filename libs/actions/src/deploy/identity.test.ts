import type { ClusterConnection } from "@pai/kubernetes";
import { expect, test } from "vitest";
import { confirmCluster } from "./identity.ts";

function clusterWithId(id: string | undefined): Pick<ClusterConnection, "objects" | "context"> {
  const object = id === undefined ? undefined : { data: { "cluster-id": id } };
  return {
    context: "here",
    objects: { find: () => Promise.resolve(object) },
  } as unknown as ClusterConnection;
}
const confirm = (id: string | undefined, given?: string, configured?: string): Promise<string | undefined> =>
  confirmCluster(clusterWithId(id), { given, configured });

test("a cluster is the meant one when nothing says otherwise", async () => {
  await expect(confirm("staging")).resolves.toBe("staging");
  await expect(confirm("staging", undefined, "staging")).resolves.toBe("staging");
  await expect(confirm(undefined, undefined, "staging")).resolves.toBeUndefined();
});

test("another id than the configuration's is refused, unless it is named", async () => {
  await expect(confirm("production", undefined, "staging")).rejects.toMatchObject({
    code: "CLUSTER_MISMATCH",
    message: 'the configuration is for the cluster "staging"',
    details: ['context   here leads to the cluster "production"'],
  });
  await expect(confirm("production", "production", "staging")).resolves.toBe("production");
});

test("another id than the named one is refused, and so is none", async () => {
  await expect(confirm("production", "staging")).rejects.toThrow(
    'the id of the cluster here is not "staging": it is "production"',
  );
  await expect(confirm(undefined, "staging")).rejects.toThrow("it has none");
});
