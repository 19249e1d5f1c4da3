// Which objects belong to a service: those that carry the label of its set (KEP-3659, as kubectl's). The
// set's parent is the record of the service, in which its annotations have a field manager of their own,
// so that record and set never overwrite each other.
import { createHash } from "node:crypto";
import type { ResourceType } from "../discovery.ts";
import type { KubernetesObject, ObjectRef, Objects } from "../objects.ts";
import { recordRef } from "../record.ts";
import { marks } from "./marks.ts";

export interface ApplySet {
  readonly service: string;
  readonly id: string;
  /** Field manager of the members, one per set, so that the server tells when two sets want one object. */
  readonly manager: string;
  /** Version of pai. */
  readonly tool: string;
}

/** Where members may be. */
export interface SetScope {
  /** `ConfigMap`, `Deployment.apps` */
  readonly kinds: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
}

const parentManager = "pai-set";
const maxManagerLength = 128;

export function applySetOf(service: string, tool: string): ApplySet {
  const { name, namespace = "", kind } = recordRef(service);
  // The formula is KEP-3659's: <name>.<namespace>.<kind>.<group>
  const hash = createHash("sha256").update(`${name}.${namespace}.${kind}.`).digest("base64url");
  return { service, id: `applyset-${hash}-v1`, manager: name.slice(0, maxManagerLength), tool };
}

export function scopeOf(refs: readonly ObjectRef[]): SetScope {
  return {
    kinds: new Set(refs.map(groupKind)),
    namespaces: new Set(refs.flatMap(({ namespace }) => namespace ?? [])),
  };
}

function groupKind({ apiVersion, kind }: Pick<ObjectRef, "apiVersion" | "kind">): string {
  return apiVersion.includes("/") ? `${kind}.${apiVersion.split("/")[0]}` : kind;
}

/** Empty for a service that was never applied. */
export async function readScope(objects: Objects, { service }: ApplySet): Promise<SetScope> {
  const { annotations = {} } = (await objects.find(recordRef(service)))?.metadata ?? {};
  return { kinds: wordsOf(annotations[marks.kinds]), namespaces: wordsOf(annotations[marks.namespaces]) };
}

/** To be called with more than there is before anything is applied, and with what is left afterwards. */
export async function writeScope(objects: Objects, set: ApplySet, scope: SetScope): Promise<void> {
  const { apiVersion, kind, name, namespace = "" } = recordRef(set.service);
  const annotations = {
    [marks.tooling]: `pai/${set.tool}`,
    [marks.kinds]: [...scope.kinds].toSorted().join(","),
    [marks.namespaces]: [...scope.namespaces].toSorted().join(","),
  };
  const metadata = { name, namespace, labels: { [marks.setId]: set.id }, annotations };
  await objects.apply({ apiVersion, kind, metadata }, { manager: parentManager, force: true });
}

export function joinScopes(a: SetScope, b: SetScope): SetScope {
  return {
    kinds: new Set([...a.kinds, ...b.kinds]),
    namespaces: new Set([...a.namespaces, ...b.namespaces]),
  };
}

export interface Members {
  readonly objects: readonly KubernetesObject[];
  /** Kinds that the server does not answer for now, so that nobody knows whether there are members. */
  readonly unknownKinds: readonly string[];
}

/** Everything that carries the set's label, a list per kind and namespace; metadata only unless `isWhole`. */
export async function listMembers(
  objects: Objects,
  { id }: ApplySet,
  scope: SetScope,
  isWhole: (type: ResourceType) => boolean = () => false,
): Promise<Members> {
  const kinds = [...scope.kinds].map((name) => ({ name, type: objects.resolvePrinted(printedName(name)) }));
  const known = kinds.flatMap(({ type }) => (type && !type.isStale ? [type] : []));
  const labelSelector = `${marks.partOf}=${id}`;
  const lists = known.flatMap((type) =>
    placesOf(type, scope).map((place) => {
      const query = { apiVersion: type.apiVersion, kind: type.kind, ...place, labelSelector };
      return isWhole(type) ? objects.list(query) : objects.listMetadata(query);
    }),
  );
  return {
    objects: (await Promise.all(lists)).flat(),
    unknownKinds: kinds.flatMap(({ name, type }) => (type && !type.isStale ? [] : [name])),
  };
}

function placesOf({ namespaced }: ResourceType, { namespaces }: SetScope): { readonly namespace?: string }[] {
  return namespaced ? [...namespaces].map((namespace) => ({ namespace })) : [{}];
}

/** As kubectl prints it: `deployment.apps` */
function printedName(groupAndKind: string): string {
  const [kind = "", ...group] = groupAndKind.split(".");
  return [kind.toLowerCase(), ...group].join(".");
}

function wordsOf(text: string | undefined): ReadonlySet<string> {
  return new Set((text ?? "").split(",").filter((word) => word !== ""));
}
