import { PaiError } from "./errors.ts";

/** `registry/repository:tag@digest`, as Docker's reference grammar has it (distribution/reference). */
export interface ImageReference {
  /** Host with port as written; `docker.io` when the text names none. */
  readonly registry: string;
  /** Path without the registry, with Docker Hub's `library/` filled in. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const host = "[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\\d+)?";
const pattern = new RegExp(
  `^(?:(?<host>${host})/)?(?<path>${component}(?:/${component})*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>[a-z0-9]+:[a-f0-9]{32,}))?$`,
);

/** Throws CONFIG_INVALID when the text is no image reference. */
export function parseImageReference(text: string): ImageReference {
  const { host: first = "", path, tag, digest } = pattern.exec(text)?.groups ?? {};
  // Docker's rule: the first part is a host only if it has a dot or a port, or is localhost.
  const hasHost = first === "localhost" || first.includes(".") || first.includes(":");
  if (path === undefined || (!hasHost && first !== first.toLowerCase())) {
    throw new PaiError("CONFIG_INVALID", `"${text}" is not an image reference`, {
      hint: "write registry/name:tag, the name in lower case",
    });
  }
  const registry = hasHost ? first : "docker.io";
  const name = hasHost || first === "" ? path : `${first}/${path}`;
  const repository = registry === "docker.io" && !name.includes("/") ? `library/${name}` : name;
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The full text, with the registry always named. */
export function formatImageReference({ registry, repository, tag, digest }: ImageReference): string {
  return `${registry}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}
