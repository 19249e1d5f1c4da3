import type {
  ModelObject,
  ModelValue,
  RegistryAccess,
  RegistryConfiguration,
  RegistryPlace,
} from "./cluster.ts";
import { describe } from "./describe.ts";
import { neededSection, neededText, optionalText, report, type Section } from "./section.ts";
import { isModelList, isModelObject } from "./yaml.ts";

export interface ParsedRegistry {
  readonly registry: RegistryConfiguration;
  /** What templates see as `cluster_cfg['cluster']['docker-registry']`. */
  readonly model: ModelObject;
  /** The password in every form that a template can print. */
  readonly secrets: readonly string[];
}

/** Docker keeps Docker Hub's login under this name. */
const dockerHub = "https://index.docker.io/v1/";

/** Reads `docker-registry` of the merged cluster section. */
export function parseRegistry(cluster: Section): ParsedRegistry | undefined {
  const section = neededSection(cluster, "docker-registry");
  if (!section) return undefined;
  const place = parsePlace(section);
  const tag = neededText(section, "tag");
  const secretName = neededText(section, "secret-name");
  const tags = parseTags(section);
  const mirrors = parseMirrors(section);
  if (place) checkLogins(section, place, mirrors);
  if (!place || !tag || !secretName) return undefined;
  const { login, dockerConfig, base64code } = loginForms(place);
  const model = new Map<string, ModelValue>(section.value);
  model.set("prefix", place.prefix).set("base64code", base64code).set("credential", dockerConfig);
  return {
    registry: { ...place, tag, tags: [...new Set([tag, ...tags])], secretName, mirrors },
    model,
    secrets: [
      ...(place.credentials ? [place.credentials.password, login, base64code] : []),
      ...mirrors.flatMap((mirror) =>
        mirror.credentials ? [mirror.credentials.password, loginForms(mirror).login] : [],
      ),
    ],
  };
}

function parsePlace(section: Section): RegistryPlace | undefined {
  const domain = neededText(section, "domain");
  const namespace = neededText(section, "namespace");
  const username = optionalText(section, "username");
  const password = optionalText(section, "password");
  const access = parseAccess(section);
  const [has, lacks] = username === undefined ? ["password", "username"] : ["username", "password"];
  if (section.value.has(has) !== section.value.has(lacks)) {
    report(section, [has], `is given without ${lacks}`, "give both, or neither for an open registry");
  }
  if (!domain || !namespace) return undefined;
  const prefix = domain === "public" ? `${namespace}/` : `${domain}/${namespace}/`;
  const credentials = username === undefined || password === undefined ? undefined : { username, password };
  return { domain, namespace, prefix, access, ...(credentials ? { credentials } : {}) };
}

function parseAccess(section: Section): RegistryAccess {
  const ca = optionalText(section, "ca");
  const insecure = section.value.get("insecure") ?? false;
  if (ca !== undefined && !ca.includes("-----BEGIN CERTIFICATE-----"))
    report(section, ["ca"], "is not a certificate in PEM form", "name its file: ca: ${file:registry-ca.crt}");
  if (typeof insecure !== "boolean")
    report(section, ["insecure"], `must be true or false, not ${describe(insecure)}`);
  return { ...(ca === undefined ? {} : { ca }), ...(insecure === true ? { insecure } : {}) };
}

function parseTags(section: Section): readonly string[] {
  const tags = section.value.get("tags") ?? [];
  const isTag = (tag: ModelValue): tag is string => typeof tag === "string" && /^\w[\w.-]{0,127}$/.test(tag);
  if (isModelList(tags) && tags.every(isTag)) return tags;
  const wrong = isModelList(tags) ? tags.findIndex((tag) => !isTag(tag)) : -1;
  if (wrong < 0) report(section, ["tags"], "must be a list of tags");
  else report(section, ["tags", wrong], "is no tag", "put it in quotes if it looks like a number");
  return [];
}

function parseMirrors(section: Section): readonly RegistryPlace[] {
  const mirrors = section.value.get("mirrors") ?? [];
  if (!isModelList(mirrors)) {
    report(section, ["mirrors"], `must be a list, not ${describe(mirrors)}`);
    return [];
  }
  return mirrors.flatMap((value, index) => {
    const path = [...section.path, "mirrors", index];
    if (isModelObject(value)) return parsePlace({ ...section, path, value }) ?? [];
    report(section, ["mirrors", index], `must be a map with domain and namespace, not ${describe(value)}`);
    return [];
  });
}

/** Credentials are known by host: two users of one registry would both be the first. */
function checkLogins(section: Section, place: RegistryPlace, mirrors: readonly RegistryPlace[]): void {
  for (const [index, { domain, credentials }] of mirrors.entries()) {
    const first = [place, ...mirrors.slice(0, index)].find(
      (other) => other.domain === domain && other.credentials,
    );
    if (!first || !credentials || first.credentials?.username === credentials.username) continue;
    report(
      section,
      ["mirrors", index, "username"],
      `is another user of ${domain} than above`,
      "one user a registry",
    );
  }
}

function loginForms({ domain, credentials }: RegistryPlace): {
  readonly login: string;
  readonly dockerConfig: string;
  readonly base64code: string;
} {
  const login = credentials
    ? Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")
    : "";
  const dockerConfig = credentials
    ? JSON.stringify({ auths: { [domain === "public" ? dockerHub : domain]: { auth: login } } })
    : "{}";
  return { login, dockerConfig, base64code: Buffer.from(dockerConfig).toString("base64") };
}
