import type { ModelObject, ModelValue, RegistryConfiguration } from "./cluster.ts";
import { neededSection, neededText, optionalText, report, type Section } from "./section.ts";

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
  const domain = neededText(section, "domain");
  const namespace = neededText(section, "namespace");
  const tag = neededText(section, "tag");
  const secretName = neededText(section, "secret-name");
  const username = optionalText(section, "username");
  const password = optionalText(section, "password");
  const [has, lacks] = username === undefined ? ["password", "username"] : ["username", "password"];
  if (section.value.has(has) !== section.value.has(lacks)) {
    report(section, [has], `is given without ${lacks}`, "give both, or neither for an open registry");
  }
  if (!domain || !namespace || !tag || !secretName) return undefined;
  const credentials = username === undefined || password === undefined ? undefined : { username, password };
  const prefix = domain === "public" ? `${namespace}/` : `${domain}/${namespace}/`;
  const login = credentials ? Buffer.from(`${username}:${password}`).toString("base64") : "";
  const dockerConfig = credentials
    ? JSON.stringify({ auths: { [domain === "public" ? dockerHub : domain]: { auth: login } } })
    : "{}";
  const base64code = Buffer.from(dockerConfig).toString("base64");
  const model = new Map<string, ModelValue>(section.value);
  model.set("prefix", prefix).set("base64code", base64code).set("credential", dockerConfig);
  return {
    registry: { domain, namespace, tag, prefix, secretName, ...(credentials ? { credentials } : {}) },
    model,
    secrets: credentials ? [credentials.password, login, base64code] : [],
  };
}
