import type { ConfigWarning } from "./duplicate-keys.ts";

/** One cluster's configuration directory, read and merged. */
export interface Cluster {
  /** The directory as given, for messages. */
  readonly directory: string;
  /** `cluster.common.cluster-id` */
  readonly clusterId: string;
  /** Whether the configuration says the id; otherwise it is the default. */
  readonly isClusterIdNamed: boolean;
  readonly machines: readonly Machine[];
  /** `https://host:port` of the API server that this configuration is for. */
  readonly apiServerUrl: string;
  readonly registry: RegistryConfiguration;
  /** The cluster object model: what templates see as `cluster_cfg`. */
  readonly model: ModelObject;
  /** Services whose code failed in a reading that goes on; the model has their settings without it. */
  readonly unmade?: ReadonlySet<string>;
  /** What hardly is as it was meant. */
  readonly warnings?: readonly ConfigWarning[];
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
}

export interface Machine {
  readonly hostname: string;
  /** Name of the Kubernetes node; the hostname where the layout names none. */
  readonly nodeName: string;
  readonly address: string;
  /** Labels of the layout whose value is true or "true", such as `pai-master`. */
  readonly labels: readonly string[];
}

/** A registry and where in it the images go. */
export interface RegistryPlace {
  /** `host:port`, or `public` for Docker Hub. */
  readonly domain: string;
  readonly namespace: string;
  /** Goes before every image name: `domain/namespace/`, or `namespace/` when the domain is public. */
  readonly prefix: string;
  /** How it is reached, where that is not plain https with a well-known certificate. */
  readonly access: RegistryAccess;
  readonly credentials?: { readonly username: string; readonly password: string };
}

export interface RegistryAccess {
  /** Authorities to trust besides those of the machine, as PEM. */
  readonly ca?: string;
  /** https with any certificate, or http. */
  readonly insecure?: boolean;
}

export interface RegistryConfiguration extends RegistryPlace {
  /** What a deployment asks for. */
  readonly tag: string;
  /** All release tags, `tag` first. */
  readonly tags: readonly string[];
  readonly secretName: string;
  /** Registries that get the same images. */
  readonly mirrors: readonly RegistryPlace[];
}

export type ModelValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | ModelFloat
  | readonly ModelValue[]
  | ModelObject;
/** A Map, because a plain object would reorder keys that look like numbers. */
export interface ModelObject extends ReadonlyMap<string, ModelValue> {}

export function isModelObject(value: ModelValue | undefined): value is ModelObject {
  return value instanceof Map;
}

export function isModelList(value: ModelValue | undefined): value is readonly ModelValue[] {
  return Array.isArray(value);
}

/** A Python float that JavaScript would take for an int (`40.0`) or that is no finite number. */
export class ModelFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  /** As Python prints it. */
  toString(): string {
    if (Number.isNaN(this.value)) return "nan";
    if (!Number.isFinite(this.value)) return this.value > 0 ? "inf" : "-inf";
    if (Math.abs(this.value) >= 1e16) return this.value.toExponential();
    return `${Object.is(this.value, -0) ? "-0" : this.value}.0`;
  }
}
