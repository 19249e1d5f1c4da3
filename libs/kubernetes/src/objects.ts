import type { PaiError } from "@pai/core";
import type { Status } from "./api-error.ts";
import type { ResourceType } from "./discovery.ts";

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

export function refOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectRef {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** `DaemonSet hbase-master`, `ConfigMap tools/a`: the namespace only where it is not the default one. */
export function describeObject({ kind, namespace, name }: Omit<ObjectRef, "apiVersion">): string {
  return namespace === undefined || namespace === "default"
    ? `${kind} ${name}`
    : `${kind} ${namespace}/${name}`;
}

export interface ListQuery {
  readonly apiVersion: string;
  readonly kind: string;
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Media types of answers without spec, status and data. */
export const metadataOnly = {
  list: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
  watch: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
};

/** Who applies, and how. */
export interface ApplyOptions {
  readonly manager: string;
  /** Takes fields over from other managers. */
  readonly force: boolean;
  /** Asks what would come of it, and changes nothing. */
  readonly dryRun?: boolean;
}

export type ApplyAnswer =
  | {
      readonly state: "applied";
      readonly object: KubernetesObject;
      readonly warnings: readonly string[];
    }
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
