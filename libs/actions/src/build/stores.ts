// The two places an image can be in, the registry and the engine; each is asked only when somebody needs it.
import { parseImageReference, type Report } from "@pai/core";
import { connectEngine, type Engine } from "@pai/docker";
import type { RegistryConfiguration } from "@pai/model";
import { connectRegistry, createCredentials, type FindCredentials, type Registry } from "@pai/registry";

export interface Stores {
  readonly registry: Registry;
  /** Connects at the first call. */
  readonly engine: () => Promise<Engine>;
  readonly findCredentials: FindCredentials;
  readonly names: (image: string) => ImageNames;
  /** The digest of an image in the registry, or undefined; says once that the registry answered. */
  readonly findDigest: (image: string, tag: string) => Promise<string | undefined>;
}

interface ImageNames {
  /** With the registry, for engine and Dockerfile: `127.0.0.1:5077/pai/hbase` */
  readonly full: string;
  /** Within the registry: `pai/hbase` */
  readonly repository: string;
}

export interface StoresOptions {
  readonly configuration: RegistryConfiguration;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export function openStores({ configuration, report, signal }: StoresOptions): Stores {
  const { domain, prefix, credentials } = configuration;
  const configured = credentials && { host: domain, credentials };
  const findCredentials = createCredentials({ configured, signal });
  const registry = connectRegistry({ host: domain, findCredentials, signal });
  const names = (image: string): ImageNames => {
    const full = `${prefix}${image}`;
    return { full, repository: parseImageReference(full).repository };
  };
  let engine: Promise<Engine> | undefined;
  let answered = false;
  return {
    registry,
    findCredentials,
    names,
    engine: () =>
      (engine ??= connectEngine({ signal }).then((connected) => {
        report({ type: "connected", to: "engine", name: connected.name, address: connected.address });
        return connected;
      })),
    findDigest: async (image, tag) => {
      const digest = await registry.findDigest({ repository: names(image).repository, tag });
      if (!answered) report({ type: "connected", to: "registry", name: registry.host });
      answered = true;
      return digest;
    },
  };
}
