// Requests for single objects and lists, by the kinds that the server knows.
import { PaiError } from "@pai/core";
import { answerError, parseStatus } from "./api-error.ts";
import { readDiscovery, type Discovery, type ResourceType } from "./discovery.ts";
import {
  describeObject,
  metadataOnly,
  type ApplyOptions,
  type KubernetesObject,
  type ListQuery,
  type ObjectRef,
  type Objects,
} from "./objects.ts";
import { isRemovedLog } from "./logs/removed-log.ts";
import type { Transport } from "./transport.ts";

export interface ConnectedObjects {
  readonly objects: Objects;
  /** The same, but once the signal is aborted nothing is changed by them any more. */
  readonly changingUntil: (signal: AbortSignal) => Objects;
}

export async function connectObjects(transport: Transport): Promise<ConnectedObjects> {
  const kinds = { known: await readDiscovery(transport) };
  return {
    objects: createObjects(transport, kinds),
    changingUntil: (signal) => createObjects(transport.changingUntil(signal), kinds),
  };
}

/** `kinds` are shared: what one service defines, another one uses. */
function createObjects(transport: Pick<Transport, "server" | "send">, kinds: { known: Discovery }): Objects {
  const typeOf = ({ apiVersion, kind }: Pick<ObjectRef, "apiVersion" | "kind">): ResourceType => {
    const type = kinds.known.find(apiVersion, kind);
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
      kinds.known = await readDiscovery(transport);
    },
    resolve: (ref) => {
      const type = kinds.known.find(ref.apiVersion, ref.kind);
      if (!type) return undefined;
      const { apiVersion, kind, name } = ref;
      return type.namespaced
        ? { apiVersion, kind, namespace: ref.namespace ?? "default", name }
        : { apiVersion, kind, name };
    },
    resolvePrinted: (name) => kinds.known.findPrinted(name),
    collection: ({ namespace, ...kind }) => collectionPath(typeOf(kind), namespace),
    async find(ref) {
      const doing = `read ${describeObject(ref)}`;
      const { code, text } = await transport.send({ method: "GET", path: pathOf(ref), doing, allow: [404] });
      return code === 404 ? undefined : read(text);
    },
    list: (query) => listAs(query, "application/json"),
    listMetadata: (query) => listAs(query, metadataOnly.list),
    apply: async (object, options) => read((await sendApply(object, options, [])).text),
    async tryApply(object, options) {
      const { code, text, warnings } = await sendApply(object, options, [404, 409, 422]);
      if (code < 300) return { state: "applied", object: read(text), warnings };
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
      return code < 300 && !isRemovedLog(text) ? text : "";
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
