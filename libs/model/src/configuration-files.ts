import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import { readText } from "./files.ts";
import { interpolate } from "./interpolate.ts";
import { topSection, type Section } from "./section.ts";
import { parseYaml } from "./yaml.ts";

export interface ConfigurationFolder {
  readonly root: string;
  /** As given; a relative path starts at the root. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is wrong is collected here. */
  readonly errors: PaiError[];
}

export interface ConfigurationFiles {
  readonly layout: Section | undefined;
  readonly services: Section | undefined;
  /** Only some templates ask for it. */
  readonly kubernetes: Section | undefined;
}

export function readConfigurationFiles(where: ConfigurationFolder): ConfigurationFiles {
  const folder = path.resolve(where.root, where.directory);
  if (!existsSync(folder)) {
    throw new PaiError("CONFIG_INVALID", `there is no configuration folder ${where.directory}`, {
      hint: `name the folder that holds layout.yaml; a relative path starts at ${where.root}`,
    });
  }
  const olderLayout = existsSync(path.join(folder, "cluster-configuration.yaml"));
  return {
    layout: openNeeded(
      where,
      "layout.yaml",
      olderLayout
        ? "cluster-configuration.yaml is the form before OpenPAI 0.10: write its machine-list, machine-sku and kubernetes into layout.yaml"
        : "it names the machines (machine-list) and the API server (kubernetes.api-servers-url)",
    ),
    services: openNeeded(
      where,
      "services-configuration.yaml",
      "it names the registry (cluster.docker-registry) and overrides the services' defaults",
    ),
    kubernetes: openOptional(where, "kubernetes-configuration.yaml"),
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
      file: (file: string) => readFileSync(path.resolve(folder, file), "utf8"),
    };
    return interpolate(parseYaml(text, shown), sources, where.errors);
  } catch (error) {
    if (!(error instanceof PaiError)) throw error;
    where.errors.push(error);
    return undefined;
  }
}

/** Relative to the tree root where it lies below it, else as given. */
function shownName({ root, directory }: ConfigurationFolder, name: string): string {
  const relative = path.relative(root, path.resolve(root, directory));
  return path.join(relative.startsWith("..") ? directory : relative, name);
}
