import type { LeaseHolder } from "./lease.ts";
import type { KubernetesObject } from "../objects.ts";
import type { Transport } from "../transport.ts";

export interface StoredLease {
  readonly name: string;
  readonly holder: string;
  readonly about: string;
  /** ISO 8601: when it was acquired. */
  readonly since: string;
  readonly durationMs: number;
  readonly uid: string;
  readonly version: string;
}

/** Writes name the version that they mean, or that there is none: sent twice, the second does nothing. */
export interface LeaseStore {
  /** Undefined when there is one already. */
  create(
    name: string,
    holder: Pick<LeaseHolder, "id" | "about">,
    durationMs: number,
  ): Promise<StoredLease | undefined>;
  find(name: string): Promise<StoredLease | undefined>;
  /** Undefined when somebody else was faster. */
  replace(lease: StoredLease, isNewHolder: boolean): Promise<StoredLease | undefined>;
  remove(lease: StoredLease): Promise<void>;
}

const namespace = "default";
const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const about = "pai.dev/holder";
const labels = { "app.kubernetes.io/managed-by": "pai" };

export function createLeaseStore(transport: Transport): LeaseStore {
  const pathOf = (name: string): string => `${collection}/${encodeURIComponent(name)}`;
  const write = async (
    method: "POST" | "PUT",
    path: string,
    body: object,
    name: string,
  ): Promise<StoredLease | undefined> => {
    const doing = `take the lease ${name}`;
    const { code, text } = await transport.send({ method, path, body, doing, allow: [404, 409] });
    return code < 300 ? parseLease(text) : undefined;
  };
  return {
    create: (name, holder, durationMs) =>
      write(
        "POST",
        collection,
        leaseObject({ name, holder: holder.id, about: holder.about, durationMs }),
        name,
      ),
    find: async (name) => {
      const doing = `read the lease ${name}`;
      const { code, text } = await transport.send({ method: "GET", path: pathOf(name), doing, allow: [404] });
      return code === 404 ? undefined : parseLease(text);
    },
    replace: (lease, isNewHolder) =>
      write("PUT", pathOf(lease.name), leaseObject(lease, isNewHolder ? undefined : lease.since), lease.name),
    remove: async ({ name, uid, version }) => {
      await transport.send({
        method: "DELETE",
        path: pathOf(name),
        body: { preconditions: { uid, resourceVersion: version } },
        doing: `give back the lease ${name}`,
        allow: [404, 409],
        isFarewell: true,
      });
    },
  };
}

function leaseObject(
  lease: Pick<StoredLease, "name" | "holder" | "about" | "durationMs"> & Partial<StoredLease>,
  since = new Date().toISOString(),
): object {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name: lease.name,
      namespace,
      labels,
      annotations: { [about]: lease.about },
      ...(lease.version === undefined ? {} : { uid: lease.uid, resourceVersion: lease.version }),
    },
    spec: {
      holderIdentity: lease.holder,
      leaseDurationSeconds: Math.ceil(lease.durationMs / 1000),
      acquireTime: microTime(since),
      renewTime: microTime(new Date().toISOString()),
    },
  };
}

// The API server takes six digits of the second, and no other number.
function microTime(time: string): string {
  return time.replace(/\.(\d{3})\d*Z$/, ".$1000Z");
}

function parseLease(text: string): StoredLease {
  const { metadata, spec } = JSON.parse(text) as KubernetesObject;
  const {
    holderIdentity = "",
    acquireTime = "",
    leaseDurationSeconds = 0,
  } = (spec ?? {}) as {
    readonly holderIdentity?: string;
    readonly acquireTime?: string;
    readonly leaseDurationSeconds?: number;
  };
  return {
    name: metadata.name,
    holder: holderIdentity,
    about: metadata.annotations?.[about] ?? holderIdentity,
    since: acquireTime,
    durationMs: leaseDurationSeconds * 1000,
    uid: metadata.uid ?? "",
    version: metadata.resourceVersion ?? "",
  };
}
