import { PaiError } from "@pai/core";
import { answerError, parseStatus, type Status } from "./api-error.ts";
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
  readonly binaryData?: Readonly<Record<string, string>>;
  /** Of a Secret. */
  readonly type?: string;
  readonly immutable?: boolean;
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
  readonly managedFields?: readonly {
    readonly manager?: string;
    readonly operation?: string;
    readonly subresource?: string;
    readonly time?: string;
    readonly fieldsV1?: unknown;
  }[];
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

/** Who applies, and how. */
export interface ApplyOptions {
  readonly manager: string;
  /** Takes fields over from other managers. */
  readonly force: boolean;
  /** Asks what would come of it, and changes nothing. */
  readonly dryRun?: boolean;
}

export type ApplyAnswer =
  | { readonly state: "applied"; readonly object: KubernetesObject }
  /** Not done, for a reason that may be dealt with; `error` tells it as it is. */
  | {
      readonly state: "refused";
      readonly code: number;
      readonly status: Status;
      readonly error: PaiError;
    };

export interface Objects {
  /** Reads anew which kinds the server knows. */
  discover(): Promise<void>;
  /** The kind and the namespace that a reference means; undefined when the server does not know the kind. */
  resolve(ref: ObjectRef): ObjectRef | undefined;
  resolvePrinted(name: string): ResourceType | undefined;
  /** Path of all objects of a kind, in one namespace or in all. */
  collection(query: Pick<ListQuery, "apiVersion" | "kind" | "namespace">): string;
  find(ref: ObjectRef): Promise<KubernetesObject | undefined>;
  list(query: ListQuery): Promise<readonly KubernetesObject[]>;
  /** The same without spec, status and data. */
  listMetadata(query: ListQuery): Promise<readonly KubernetesObject[]>;
  /** Server-side apply. */
  apply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject>;
  /** The same for objects of users, whose refusals are told apart: 404, 409 and 422 are answers. */
  tryApply(object: KubernetesObject, options: ApplyOptions): Promise<ApplyAnswer>;
  /** A JSON patch (RFC 6902), which should test what it relies on. */
  patch(ref: ObjectRef, operations: readonly object[]): Promise<KubernetesObject>;
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

function createObjects(transport: Transport, discovered: Discovery): Objects {
  let discovery = discovered;
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
  const sendApply = (
    object: KubernetesObject,
    { manager, force, dryRun = false }: ApplyOptions,
    allow: readonly number[],
  ): ReturnType<Transport["send"]> =>
    transport.send({
      method: "PATCH",
      path: pathOf({ apiVersion: object.apiVersion, kind: object.kind, ...object.metadata }),
      query: { fieldManager: manager, force: String(force), ...(dryRun ? { dryRun: "All" } : {}) },
      contentType: "application/apply-patch+yaml",
      body: object,
      doing: `apply ${describeObject({ kind: object.kind, ...object.metadata })}`,
      allow,
    });
  const listAs = async (
    { apiVersion, kind, namespace, ...query }: ListQuery,
    accept: string,
  ): Promise<readonly KubernetesObject[]> => {
    const { text } = await transport.send({
      method: "GET",
      path: collectionPath(typeOf({ apiVersion, kind }), namespace),
      query,
      accept,
      doing: `list ${kind} objects`,
    });
    const { items } = JSON.parse(text) as { readonly items: readonly KubernetesObject[] | null };
    // Items of a list carry neither kind nor version, or those of the list.
    return (items ?? []).map((item) => ({ ...item, apiVersion, kind }));
  };

  return {
    discover: async () => {
      discovery = await readDiscovery(transport);
    },
    resolve: (ref) => {
      const type = discovery.find(ref.apiVersion, ref.kind);
      if (!type) return undefined;
      const { apiVersion, kind, name } = ref;
      return type.namespaced
        ? { apiVersion, kind, namespace: ref.namespace ?? "default", name }
        : { apiVersion, kind, name };
    },
    resolvePrinted: (name) => discovery.findPrinted(name),
    collection: ({ namespace, ...kind }) => collectionPath(typeOf(kind), namespace),
    async find(ref) {
      const doing = `read ${describeObject(ref)}`;
      const { code, text } = await transport.send({ method: "GET", path: pathOf(ref), doing, allow: [404] });
      return code === 404 ? undefined : read(text);
    },
    list: (query) => listAs(query, "application/json"),
    listMetadata: (query) =>
      listAs(query, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"),
    apply: async (object, options) => read((await sendApply(object, options, [])).text),
    async tryApply(object, options) {
      const { code, text } = await sendApply(object, options, [404, 409, 422]);
      if (code < 300) return { state: "applied", object: read(text) };
      const error = answerError(
        code,
        text,
        `apply ${describeObject({ kind: object.kind, ...object.metadata })}`,
      );
      return { state: "refused", code, status: parseStatus(text), error };
    },
    async patch(ref, operations) {
      const { text } = await transport.send({
        method: "PATCH",
        path: pathOf(ref),
        contentType: "application/json-patch+json",
        body: operations,
        doing: `change ${describeObject(ref)}`,
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
