// What pai reads of manifests and image configurations, in Docker's form and in OCI's.

// Without them, registry 2.8 converts to schema 1 and answers the digest of that.
export const manifestTypes = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
].join(", ");

export interface Manifest {
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
  readonly manifests?: readonly { readonly digest: string }[];
}

export interface ImageConfig {
  /** Of the manifest. */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined where the image does not say. */
  readonly created: Date | undefined;
}

export function parseConfig(text: string): Omit<ImageConfig, "digest"> {
  const { config, created } = JSON.parse(text) as {
    readonly config?: { readonly Labels?: Readonly<Record<string, string>> | null };
    readonly created?: string;
  };
  return { labels: config?.Labels ?? {}, created: created === undefined ? undefined : new Date(created) };
}
