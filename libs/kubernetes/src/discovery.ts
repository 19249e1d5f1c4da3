// The kinds that the server knows, from the two aggregated discovery documents (Kubernetes 1.27 on).
import { PaiError } from "@pai/core";
import type { Transport } from "./transport.ts";

export interface ResourceType {
  /** `v1`, `apps/v1` */
  readonly apiVersion: string;
  readonly kind: string;
  /** Name in URLs: `daemonsets`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** The server that serves the kind does not answer: what is said of it may be of yesterday. */
  readonly isStale: boolean;
}

export interface Discovery {
  /** Undefined when the server does not know the kind. */
  find(apiVersion: string, kind: string): ResourceType | undefined;
  /** By what kubectl prints: `configmap`, `daemonset.apps`; the group's preferred version. */
  findPrinted(name: string): ResourceType | undefined;
}

interface GroupList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly freshness?: "Current" | "Stale";
      readonly resources?: readonly {
        readonly resource: string;
        readonly scope: "Namespaced" | "Cluster";
        readonly responseKind?: { readonly kind?: string };
      }[];
    }[];
  }[];
}

const accept =
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

export async function readDiscovery(transport: Pick<Transport, "server" | "send">): Promise<Discovery> {
  const lists = await Promise.all(
    ["/api", "/apis"].map(async (path) => {
      const { text } = await transport.send({
        method: "GET",
        path,
        accept,
        doing: "read the kinds of the cluster",
      });
      return typesOf(JSON.parse(text) as GroupList);
    }),
  );
  const types = lists.flat();
  if (types.length === 0) {
    throw new PaiError(
      "CLUSTER_UNREACHABLE",
      `read the kinds of the cluster ${transport.server}: the answer is empty`,
      {
        hint: "pai needs Kubernetes 1.27 or newer",
      },
    );
  }
  return createDiscovery(types);
}

/** Types in order of preference. */
function createDiscovery(types: readonly ResourceType[]): Discovery {
  const byKind = new Map<string, ResourceType>();
  const byPrinted = new Map<string, ResourceType>();
  for (const type of types) {
    const group = type.apiVersion.includes("/") ? `.${type.apiVersion.split("/")[0]}` : "";
    const printed = `${type.kind.toLowerCase()}${group}`;
    byKind.set(`${type.apiVersion} ${type.kind}`, type);
    if (!byPrinted.has(printed)) byPrinted.set(printed, type);
  }
  return {
    find: (apiVersion, kind) => byKind.get(`${apiVersion} ${kind}`),
    findPrinted: (name) => byPrinted.get(name),
  };
}

function typesOf({ items = [] }: GroupList): ResourceType[] {
  return items.flatMap(({ metadata, versions = [] }) =>
    versions.flatMap(({ version, freshness, resources = [] }) =>
      resources.map(({ resource, scope, responseKind }) => ({
        apiVersion: metadata?.name ? `${metadata.name}/${version}` : version,
        kind: responseKind?.kind ?? "",
        plural: resource,
        namespaced: scope === "Namespaced",
        isStale: freshness === "Stale",
      })),
    ),
  );
}
