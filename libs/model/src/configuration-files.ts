import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import { duplicateWarnings, type ConfigWarning } from "./duplicate-keys.ts";
import { readText } from "./files.ts";
import { interpolate } from "./interpolate.ts";
import { topSection, type Section } from "./section.ts";
import { parseYaml } from "./yaml.ts";

/** In the order in which people read them. */
export const configurationFileNames = [
  "layout.yaml",
  "cluster-configuration.yaml",
  "services-configuration.yaml",
  "kubernetes-configuration.yaml",
  "k8s-role-definition.yaml",
  "config.yaml",
] as const;

export interface ConfigurationFolder {
  readonly root: string;
  /** As given; a relative path starts at the root. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is wrong is collected here. */
  readonly errors: PaiError[];
  /** What is legal and hardly meant is collected here. */
  readonly warnings: ConfigWarning[];
}

export interface ConfigurationFiles {
  /** layout.yaml; OpenPAI up to 0.9 has cluster-configuration.yaml in its place. */
  readonly layout: Section | undefined;
  readonly clusterConfiguration: Section | undefined;
  readonly services: Section | undefined;
  /** Needed beside cluster-configuration.yaml; beside layout.yaml only some templates ask for it. */
  readonly kubernetes: Section | undefined;
}

export function readConfigurationFiles(where: ConfigurationFolder): ConfigurationFiles {
  const folder = path.resolve(where.root, where.directory);
  if (!existsSync(folder)) {
    throw new PaiError("CONFIG_INVALID", `there is no configuration folder ${where.directory}`, {
      hint: `name the folder that holds layout.yaml; a relative path starts at ${where.root}`,
    });
  }
  const has = (name: string): boolean => existsSync(path.join(folder, name));
  const isOld = !has("layout.yaml") && has("cluster-configuration.yaml");
  const layout = isOld
    ? undefined
    : openNeeded(
        where,
        "layout.yaml",
        "it names the machines (machine-list) and the API server (kubernetes.api-servers-url)",
      );
  const kubernetes = "kubernetes-configuration.yaml";
  return {
    layout,
    clusterConfiguration: isOld ? openOptional(where, "cluster-configuration.yaml") : undefined,
    services: openNeeded(
      where,
      "services-configuration.yaml",
      "it names the registry (cluster.docker-registry) and overrides the services' defaults",
    ),
    kubernetes: isOld
      ? openNeeded(
          where,
          kubernetes,
          "beside cluster-configuration.yaml it names the API server (load-balance-ip)",
        )
      : openOptional(where, kubernetes),
  };
}

function openNeeded(where: ConfigurationFolder, name: string, hint: string): Section | undefined {
  const shown = shownName(where, name);
  if (!existsSync(path.resolve(where.root, where.directory, name))) {
    where.errors.push(
      new PaiError("CONFIG_INVALID", `${shown} does not exist`, { hint, location: { file: shown } }),
    );
    return undefined;
  }
  const document = openDocument(where, name);
  return document && topSection(document, where.errors);
}

function openOptional(where: ConfigurationFolder, name: string): Section | undefined {
  const document = openDocument(where, name);
  return document === undefined || document.value === null ? undefined : topSection(document, where.errors);
}

function openDocument(where: ConfigurationFolder, name: string): Section["document"] | undefined {
  const folder = path.resolve(where.root, where.directory);
  const shown = shownName(where, name);
  try {
    const text = readText(path.join(folder, name), shown);
    if (text === undefined) return undefined;
    const sources = {
      env: (variable: string) => where.env[variable],
      file: (file: string) => readValue(path.resolve(folder, file)),
    };
    const document = parseYaml(text, shown);
    where.warnings.push(...duplicateWarnings(document));
    return interpolate(document, sources, where.errors);
  } catch (error) {
    if (!(error instanceof PaiError)) throw error;
    where.errors.push(error);
    return undefined;
  }
}

const maxValueSize = 1024 * 1024;

/** Of `${file:path}`. A device or a pipe would never end, and a value that large is none. */
function readValue(file: string): string {
  const stat = statSync(file);
  if (!stat.isFile()) throw new Error("it is no regular file");
  if (stat.size > maxValueSize) throw new Error(`it has ${stat.size} bytes; ${maxValueSize} are read`);
  return readFileSync(file, "utf8");
}

/** Relative to the tree root where it lies below it, else as given. */
export function shownName(
  { root, directory }: Pick<ConfigurationFolder, "root" | "directory">,
  name: string,
): string {
  const relative = path.relative(root, path.resolve(root, directory));
  return path.join(relative.startsWith("..") ? directory : relative, name);
}
