import { PaiError } from "@pai/core";
import { readDiscovery, type Discovery, type ResourceType } from "./discovery.ts";
import type { Transport } from "./transport.ts";

/** Any Kubernetes object, as the API server gives it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly {
    readonly uid: string;
    readonly kind: string;
    readonly name: string;
  }[];
  readonly managedFields?: readonly { readonly manager?: string; readonly fieldsV1?: unknown }[];
}

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for kinds without namespaces; `default` is filled in for others. */
  readonly namespace?: string;
  readonly name: string;
}

/** `DaemonSet hbase-master`, `ConfigMap tools/a`: the namespace only where it is not the default one. */
export function describeObject({ kind, namespace, name }: Omit<ObjectRef, "apiVersion">): string {
  return namespace === undefined || namespace === "default"
    ? `${kind} ${name}`
    : `${kind} ${namespace}/${name}`;
}

interface ListQuery {
  readonly apiVersion: string;
  readonly kind: string;
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface Objects {
  /** The kind and the namespace that a reference means; undefined when the server does not know the kind. */
  resolve(ref: ObjectRef): ObjectRef | undefined;
  resolvePrinted(name: string): ResourceType | undefined;
  find(ref: ObjectRef): Promise<KubernetesObject | undefined>;
  list(query: ListQuery): Promise<readonly KubernetesObject[]>;
  /** Server-side apply; `force` takes fields over from other managers. */
  apply(
    object: KubernetesObject,
    options: { readonly manager: string; readonly force: boolean },
  ): Promise<KubernetesObject>;
  /** Deletes this very object; does nothing when it is gone or another one has its name. */
  remove(ref: ObjectRef & { readonly uid: string }): Promise<void>;
  /** Text of a pod's container log; empty when there is none. */
  log(pod: {
    readonly namespace: string;
    readonly name: string;
    readonly container: string;
    readonly previous: boolean;
    readonly lines: number;
  }): Promise<string>;
}

export async function connectObjects(transport: Transport): Promise<Objects> {
  return createObjects(transport, await readDiscovery(transport));
}

function createObjects(transport: Transport, discovery: Discovery): Objects {
  const typeOf = ({ apiVersion, kind }: Pick<ObjectRef, "apiVersion" | "kind">): ResourceType => {
    const type = discovery.find(apiVersion, kind);
    if (type) return type;
    throw new PaiError("APPLY_REJECTED", `the cluster has no kind ${kind} of ${apiVersion}`);
  };
  const pathOf = (ref: ObjectRef): string => {
    const type = typeOf(ref);
    return `${collectionPath(type, type.namespaced ? (ref.namespace ?? "default") : undefined)}/${encodeURIComponent(ref.name)}`;
  };
  const read = (text: string): KubernetesObject => JSON.parse(text) as KubernetesObject;

  return {
    resolve: (ref) => {
      const type = discovery.find(ref.apiVersion, ref.kind);
      if (!type) return undefined;
      const { apiVersion, kind, name } = ref;
      return type.namespaced
        ? { apiVersion, kind, namespace: ref.namespace ?? "default", name }
        : { apiVersion, kind, name };
    },
    resolvePrinted: (name) => discovery.findPrinted(name),
    async find(ref) {
      const doing = `read ${describeObject(ref)}`;
      const { code, text } = await transport.send({ method: "GET", path: pathOf(ref), doing, allow: [404] });
      return code === 404 ? undefined : read(text);
    },
    async list({ apiVersion, kind, namespace, ...query }) {
      const { text } = await transport.send({
        method: "GET",
        path: collectionPath(typeOf({ apiVersion, kind }), namespace),
        query,
        doing: `list ${kind} objects`,
      });
      const { items } = JSON.parse(text) as { readonly items: readonly KubernetesObject[] | null };
      // Items of a list carry neither kind nor version.
      return (items ?? []).map((item) => ({ ...item, apiVersion, kind }));
    },
    async apply(object, { manager, force }) {
      const ref = { apiVersion: object.apiVersion, kind: object.kind, ...object.metadata };
      const { text } = await transport.send({
        method: "PATCH",
        path: pathOf(ref),
        query: { fieldManager: manager, force: String(force) },
        contentType: "application/apply-patch+yaml",
        body: object,
        doing: `apply ${describeObject(ref)}`,
      });
      return read(text);
    },
    async remove(ref) {
      await transport.send({
        method: "DELETE",
        path: pathOf(ref),
        body: { propagationPolicy: "Background", preconditions: { uid: ref.uid } },
        doing: `delete ${describeObject(ref)}`,
        allow: [404, 409],
      });
    },
    async log({ namespace, name, container, previous, lines }) {
      const { code, text } = await transport.send({
        method: "GET",
        path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log`,
        query: { container, previous: String(previous), tailLines: String(lines) },
        accept: "*/*",
        doing: `read the log of pod ${name}`,
        // 400: the container has not run yet; 500 and 502: its node does not answer.
        allow: [400, 404, 500, 502],
      });
      return code < 300 ? text : "";
    },
  };
}

function collectionPath(
  { apiVersion, plural, namespaced }: ResourceType,
  namespace: string | undefined,
): string {
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return namespaced && namespace !== undefined
    ? `${base}/namespaces/${encodeURIComponent(namespace)}/${plural}`
    : `${base}/${plural}`;
}
