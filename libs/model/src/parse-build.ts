// `build` of service.yaml: how the images of a service are built where that is not the builder's default.
import type { PaiError } from "@pai/core";
import type { ModelObject, ModelValue } from "./cluster.ts";
import { describe } from "./describe.ts";
import { isSecretName } from "./secret-name.ts";
import { optionalText, report, type Section } from "./section.ts";
import { isModelList, isModelObject, type YamlDocument } from "./yaml.ts";

export interface ServiceBuild {
  /** For every image of the service that it fits. */
  readonly all: BuildBlock;
  /** For one image, over what is said for all. */
  readonly images: ReadonlyMap<string, BuildBlock>;
}

export interface BuildBlock {
  /** Where it stands, for what is wrong with it beside the Dockerfiles. */
  readonly section: Section;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly platform?: string;
  readonly secrets: readonly string[];
  /** Any text; another one makes another image of the same files. */
  readonly epoch?: string;
}

const blockKeys = ["args", "target", "platform", "secrets", "epoch"];

export function parseBuild(input: {
  readonly document: YamlDocument;
  readonly value: ModelObject;
  readonly problems: PaiError[];
}): ServiceBuild | undefined {
  const { document, value, problems } = input;
  const build = value.get("build") ?? null;
  if (build === null) return undefined;
  const top: Section = { document, path: [], value, errors: problems };
  const section = mapBelow(top, "build");
  if (!section) return undefined;
  const images = mapBelow(section, "images");
  return {
    // Hooks are the service's, not an image's.
    all: parseBlock(section, [...blockKeys, "reads", "images"]),
    images: new Map(
      [...(images?.value.keys() ?? [])].flatMap((name) => {
        const image = images && mapBelow(images, name);
        return image ? [[name, parseBlock(image, blockKeys)] as const] : [];
      }),
    ),
  };
}

function mapBelow(parent: Section, key: string): Section | undefined {
  const value = parent.value.get(key) ?? null;
  if (isModelObject(value)) return { ...parent, path: [...parent.path, key], value };
  if (value !== null) report(parent, [key], `must be a map, not ${describe(value)}`);
  return undefined;
}

function parseBlock(section: Section, known: readonly string[]): BuildBlock {
  for (const key of section.value.keys()) {
    if (!known.includes(key))
      report(section, [key], "is nothing that can be set", `it has ${known.join(", ")}`);
  }
  const target = optionalText(section, "target");
  const platform = parsePlatform(section);
  const epoch = scalarText(section, "epoch");
  return {
    section,
    args: parseArgs(section),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    secrets: parseSecrets(section),
    ...(epoch === undefined ? {} : { epoch }),
  };
}

function parseArgs(section: Section): Record<string, string> {
  const args = mapBelow(section, "args");
  if (!args) return {};
  return Object.fromEntries(
    [...args.value.keys()].flatMap((name) => {
      const value = scalarText(args, name);
      if (value !== undefined && isSecretName(name)) {
        const hint = `list it under secrets and mount it: RUN --mount=type=secret,id=${name}`;
        report(args, [name], "would be kept in the image's history", hint);
        return [];
      }
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function parseSecrets(section: Section): string[] {
  const list = section.value.get("secrets") ?? null;
  if (list === null) return [];
  if (!isModelList(list)) {
    report(section, ["secrets"], `must list ids of secrets, not be ${describe(list)}`);
    return [];
  }
  return list.flatMap((id, index) => {
    if (typeof id === "string" && /^[\w.-]+$/.test(id)) return [id];
    report(
      section,
      ["secrets", index],
      "must be the id of a secret, such as npm-login; never the secret itself",
    );
    return [];
  });
}

const platformPattern = /^[a-z0-9]+\/[a-z0-9_]+(?:\/v\d+)?$/;

function parsePlatform(section: Section): string | undefined {
  const platform = optionalText(section, "platform");
  if (platform === undefined || platformPattern.test(platform)) return platform;
  report(section, ["platform"], "must be an operating system and a processor, such as linux/arm64");
  return undefined;
}

/** A text, or a whole number as it is written. */
function scalarText(section: Section, key: string): string | undefined {
  const value: ModelValue = section.value.get(key) ?? null;
  if (value === null || value === "") return value ?? undefined;
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value)))
    return String(value);
  return optionalText(section, key);
}
