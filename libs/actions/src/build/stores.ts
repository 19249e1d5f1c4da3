// The places an image can be in, registries and the engine; each is asked only when somebody needs it.
import { parseImageReference, type Report } from "@pai/core";
import type { RegistryConfiguration, RegistryPlace } from "@pai/model";
import { openRegistries, type FindCredentials, type Registry } from "@pai/registry";
import { createEngines, type EngineOptions, type Engines } from "./engines.ts";

/** A registry, and where in it the images of the tree are. */
export interface RegistryStore {
  readonly registry: Registry;
  readonly names: (image: string) => ImageNames;
  /** The digest of an image in the registry, or undefined; says once that the registry answered. */
  readonly findDigest: (image: string, tag: string) => Promise<string | undefined>;
}

/** The configuration's registry, which is asked for what is built already, and what else there is. */
export interface Stores extends RegistryStore {
  readonly engines: Engines;
  readonly findCredentials: FindCredentials;
  /** Another registry, or another place in the same. */
  readonly open: (place: Pick<RegistryPlace, "domain" | "prefix">) => RegistryStore;
}

interface ImageNames {
  /** With the registry, for engine and Dockerfile: `127.0.0.1:5077/pai/hbase` */
  readonly full: string;
  /** Within the registry: `pai/hbase` */
  readonly repository: string;
}

export interface StoresOptions extends EngineOptions {
  readonly configuration: RegistryConfiguration;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export function openStores({ configuration, engines: named, report, signal }: StoresOptions): Stores {
  const { connect, findCredentials } = openRegistries([configuration, ...configuration.mirrors], { signal });
  const answered = new Set<string>();
  const open: Stores["open"] = ({ domain, prefix }) => {
    const registry = connect(domain);
    const names = (image: string): ImageNames => {
      const full = `${prefix}${image}`;
      return { full, repository: parseImageReference(full).repository };
    };
    return {
      registry,
      names,
      findDigest: async (image, tag) => {
        const digest = await registry.findDigest({ repository: names(image).repository, tag });
        if (!answered.has(registry.host)) report({ type: "connected", to: "registry", name: registry.host });
        answered.add(registry.host);
        return digest;
      },
    };
  };
  const engines = createEngines({ engines: named }, { report, signal });
  return { ...open(configuration), open, findCredentials, engines };
}
