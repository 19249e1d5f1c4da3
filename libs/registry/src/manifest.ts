// What pai reads of manifests and image configurations, in Docker's form and in OCI's.

// Without them, registry 2.8 converts to schema 1 and answers the digest of that.
export const manifestTypes = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
].join(", ");

/** A manifest as the registry keeps it: its digest is that of these bytes. */
export interface StoredManifest {
  readonly digest: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** A layer or an image's configuration. */
export interface Blob {
  readonly digest: string;
  readonly size: number;
}

interface Descriptor extends Blob {
  /** Layers of Windows' base images stay with their vendor and are named by address. */
  readonly urls?: readonly string[];
}

export interface ManifestParts {
  /** Undefined for an index of images. */
  readonly config: Blob | undefined;
  readonly blobs: readonly Blob[];
  /** The images of an index. */
  readonly images: readonly Blob[];
}

export function parseManifest({ bytes }: StoredManifest): ManifestParts {
  const {
    config,
    layers = [],
    manifests = [],
  } = JSON.parse(bytes.toString()) as {
    readonly config?: Descriptor;
    readonly layers?: readonly Descriptor[];
    readonly manifests?: readonly Descriptor[];
  };
  const own = [...(config ? [config] : []), ...layers.filter(({ urls = [] }) => urls.length === 0)];
  // One layer may stand in an image more than once.
  const blobs = [...new Map(own.map(({ digest, size }) => [digest, { digest, size }])).values()];
  return { config, blobs, images: manifests };
}

export interface ImageConfig {
  /** Of the manifest. */
  readonly digest: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined where the image does not say. */
  readonly created: Date | undefined;
  /** Whether BuildKit made it. */
  readonly isBuildKits: boolean;
}

export function parseConfig(text: string): Omit<ImageConfig, "digest"> {
  const {
    config,
    created,
    history = [],
  } = JSON.parse(text) as {
    readonly config?: { readonly Labels?: Readonly<Record<string, string>> | null };
    readonly created?: string;
    readonly history?: readonly { readonly comment?: string }[];
  };
  return {
    labels: config?.Labels ?? {},
    created: created === undefined ? undefined : new Date(created),
    isBuildKits: history.some(({ comment }) => comment?.startsWith("buildkit.") ?? false),
  };
}
