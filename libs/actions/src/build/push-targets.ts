// Where images are pushed and what they are called there.
import { PaiError, parseImageReference } from "@pai/core";
import type { RegistryConfiguration } from "@pai/model";
import type { RegistryStore, Stores } from "./stores.ts";
import { throwAll } from "./tree.ts";

export interface PushTarget extends RegistryStore {
  /** `host/namespace`, for messages. */
  readonly name: string;
}

/** `HOST/NAMESPACE` texts in place of the configuration's registry and its mirrors. */
export function pushTargets(
  stores: Stores,
  configuration: RegistryConfiguration,
  asked: readonly string[] | undefined,
): PushTarget[] {
  const places = asked ? parsePlaces(asked) : [configuration, ...configuration.mirrors];
  const targets = places.map((place): PushTarget => {
    const store = stores.open(place);
    return { ...store, name: `${store.registry.host}/${place.namespace}` };
  });
  return [...new Map(targets.map((target) => [target.name, target])).values()];
}

export function releaseTags(
  configuration: RegistryConfiguration,
  asked: readonly string[] | undefined,
): string[] {
  throwAll(
    (asked ?? [])
      .filter((tag) => !/^\w[\w.-]{0,127}$/.test(tag))
      .map(
        (tag) =>
          new PaiError("USAGE", `--tag ${tag}: this is no tag`, {
            hint: "letters, digits, _ . and -, not beginning with . or -",
          }),
      ),
  );
  return [...new Set(asked ?? configuration.tags)];
}

interface Place {
  readonly domain: string;
  readonly namespace: string;
  readonly prefix: string;
}

function parsePlaces(texts: readonly string[]): Place[] {
  const places = texts.map((text) => ({ text, place: parsePlace(text.replace(/\/+$/, "")) }));
  throwAll(places.flatMap(({ text, place }) => (place ? [] : wrongPlace(text))));
  return places.flatMap(({ place }) => place ?? []);
}

function parsePlace(text: string): Place | undefined {
  const [domain = "", ...rest] = text.split("/");
  const namespace = rest.join("/");
  const isHost = domain === "public" || domain === "localhost" || /[.:]/.test(domain);
  if (!isHost || namespace === "") return undefined;
  const prefix = domain === "public" ? `${namespace}/` : `${text}/`;
  try {
    parseImageReference(`${prefix}image`);
  } catch {
    return undefined;
  }
  return { domain, namespace, prefix };
}

function wrongPlace(text: string): PaiError {
  return new PaiError("USAGE", `--registry ${text}: this is not HOST/NAMESPACE`, {
    hint: "such as registry.example:5000/pai, or public/NAMESPACE for Docker Hub",
  });
}
