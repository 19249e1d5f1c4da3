// The objects that a declarative service asks for: its manifests, and the ConfigMaps and Secrets that are
// made of its files.
import { joinErrors, PaiError, type Location } from "@pai/core";
import {
  describeObject,
  marks,
  normalizeObject,
  objectFromFiles,
  type ApplySet,
  type ClusterConnection,
  type KubernetesObject,
  type WantedObject,
} from "@pai/kubernetes";
import type { Cluster } from "@pai/model";
import { withPullSecret } from "@pai/render";
import type { PlannedService } from "../plan.ts";
import { contentsOf } from "./contents.ts";
import { manifestsOf } from "./manifests.ts";

export interface WantedOptions {
  readonly planned: PlannedService;
  readonly cluster: Cluster;
  readonly connection: ClusterConnection;
  readonly set: ApplySet;
}

/** Each with its namespace and the label of its set. Throws CONFIG_INVALID for all that cannot be applied. */
export function wantedObjects({ planned, cluster, connection, set }: WantedOptions): WantedObject[] {
  const found = [...manifestsOf(planned), ...madeOfFiles(planned)];
  const definitions = scopesOfDefinitions(found);
  const wanted = found.map(({ location, ...object }): WantedObject => {
    const normal = normalizeObject(withPullSecret(object, cluster.registry));
    const { name, namespace, labels, ...metadata } = normal.metadata;
    const isNamespaced =
      definitions.get(`${object.apiVersion.split("/")[0]} ${object.kind}`) ??
      isNamespacedKind(connection, object);
    const place = namespace ?? connection.pin.namespace ?? "default";
    return {
      ...normal,
      metadata: {
        ...metadata,
        name,
        ...(isNamespaced ? { namespace: place } : {}),
        labels: { ...labels, [marks.partOf]: set.id },
      },
      location,
    };
  });
  const doubles = duplicates(wanted);
  if (doubles.length > 0) throw joinErrors(doubles);
  return wanted;
}

function madeOfFiles({ service, files }: PlannedService): WantedObject[] {
  const { declarative, file } = service.deploy ?? {};
  return (declarative?.sources ?? []).map((source) => {
    const location: Location = { file: file ?? service.folder, line: source.line };
    const contents = contentsOf(source, files, location);
    return { ...objectFromFiles({ ...source, contents, location }), location };
  });
}

/** Whether kinds that the service itself defines have namespaces: the cluster may not know them yet. */
function scopesOfDefinitions(objects: readonly KubernetesObject[]): ReadonlyMap<string, boolean> {
  const definitions = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
  return new Map(
    definitions.map(({ spec }) => {
      const { group, scope, names } = spec as {
        readonly group?: string;
        readonly scope?: string;
        readonly names?: { readonly kind?: string };
      };
      return [`${group} ${names?.kind}`, scope === "Namespaced"];
    }),
  );
}

function isNamespacedKind({ objects }: ClusterConnection, { apiVersion, kind }: KubernetesObject): boolean {
  return objects.resolve({ apiVersion, kind, name: "any" })?.namespace !== undefined;
}

function duplicates(wanted: readonly WantedObject[]): PaiError[] {
  const first = new Map<string, Location>();
  return wanted.flatMap(({ apiVersion, kind, metadata, location }) => {
    const key = `${apiVersion.split("/").slice(0, -1).join("")} ${describeObject({ kind, ...metadata })}`;
    const other = first.get(key);
    if (!other) {
      first.set(key, location);
      return [];
    }
    const name = describeObject({ kind, ...metadata });
    return [new PaiError("CONFIG_INVALID", `${name} is there twice, first in ${other.file}`, { location })];
  });
}
