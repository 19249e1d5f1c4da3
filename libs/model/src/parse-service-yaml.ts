import { PaiError, type PaiErrorOptions } from "@pai/core";
import type { ModelObject, ModelValue } from "./cluster.ts";
import { describe } from "./describe.ts";
import { duplicateWarnings, type ConfigWarning } from "./duplicate-keys.ts";
import { parseBuild, type ServiceBuild } from "./parse-build.ts";
import { parseDeclarative } from "./parse-declarative.ts";
import { parseFailFast } from "./parse-fail-fast.ts";
import type { DeployRule, NamedLine, ScriptName, ServiceDeploy } from "./service.ts";
import type { YamlPath } from "./yaml-positions.ts";
import { isModelList, isModelObject, parseYaml, type YamlDocument } from "./yaml.ts";

export interface ParsedServiceYaml {
  readonly deploy: ServiceDeploy;
  readonly build?: ServiceBuild;
  readonly problems: PaiError[];
  readonly warnings?: readonly ConfigWarning[];
}

const scriptNames: readonly ScriptName[] = ["start", "stop", "delete", "refresh", "upgraded"];

/** Reads `deploy/service.yaml`. Keys that it does not know are legal. Never throws a PaiError. */
export function parseServiceYaml(text: string, file: string): ParsedServiceYaml {
  const problems: PaiError[] = [];
  const deploy = { file, prerequisites: [], templates: [], scripts: {}, deployRules: [] };
  try {
    const document = parseYaml(text, file);
    const { value } = document;
    if (value === null) return { deploy, problems };
    if (!isModelObject(value)) {
      problems.push(invalid(document, [], `${file} must hold keys such as prerequisite and template-list`));
      return { deploy, problems };
    }
    const reader = { document, value, problems };
    const prerequisites = names(reader, "prerequisite", "service names");
    const templates = paths(reader, names(reader, "template-list", "files"));
    const failFast = parseFailFast({ document, path: [], value, errors: problems });
    const build = parseBuild(reader);
    return {
      ...(build ? { build } : {}),
      deploy: {
        file,
        prerequisites,
        templates,
        scripts: scripts(reader),
        deployRules: deployRules(reader),
        ...declarativeKeys(reader, templates),
        ...(failFast ? { failFast } : {}),
      },
      problems,
      warnings: duplicateWarnings(document),
    };
  } catch (error) {
    if (!(error instanceof PaiError)) throw error;
    return { deploy, problems: [error] };
  }
}

interface Reader {
  readonly document: YamlDocument;
  readonly value: ModelObject;
  readonly problems: PaiError[];
}

function names({ document, value, problems }: Reader, key: string, what: string): NamedLine[] {
  return listOf({ document, value, problems }, key, what).flatMap(({ item, path }) => {
    const name = typeof item === "number" ? String(item) : item;
    if (typeof name === "string" && name !== "") return [{ name, line: document.locate(path).line ?? 1 }];
    problems.push(invalid(document, path, `${key} must list ${what}; this entry is ${describe(item)}`));
    return [];
  });
}

function listOf(
  { document, value, problems }: Reader,
  key: string,
  what: string,
): { readonly item: ModelValue; readonly path: YamlPath }[] {
  const list = value.get(key) ?? null;
  if (list === null) return [];
  if (isModelList(list)) return list.map((item, index) => ({ item, path: [key, index] }));
  const hint = typeof list === "string" ? `write it as a list:  ${key}: [${list}]` : undefined;
  problems.push(invalid(document, [key], `${key} must be a list of ${what}, not ${describe(list)}`, hint));
  return [];
}

function scripts(reader: Reader): ServiceDeploy["scripts"] {
  const { document, value, problems } = reader;
  const found = scriptNames.flatMap((name): [ScriptName, NamedLine][] => {
    const key = `${name}-script`;
    const script = value.get(key) ?? null;
    if (script === null) return [];
    if (typeof script === "string" && script !== "") {
      const line = { name: script, line: document.locate([key]).line ?? 1 };
      return paths(reader, [line]).map((kept) => [name, kept]);
    }
    problems.push(invalid(document, [key], `${key} must be a file name, not ${describe(script)}`));
    return [];
  });
  return Object.fromEntries(found);
}

function declarativeKeys(
  reader: Reader,
  templates: readonly NamedLine[],
): Pick<ServiceDeploy, "declarative"> {
  const declarative = parseDeclarative({
    ...reader,
    templates,
    hasStartScript: (reader.value.get("start-script") ?? null) !== null,
    apply: paths(reader, names(reader, "apply", "files")),
  });
  return declarative ? { declarative } : {};
}

/** Leaves out, as problems, what would be read or written outside the service's deploy folder. */
function paths({ document, problems }: Reader, lines: readonly NamedLine[]): NamedLine[] {
  return lines.filter(({ name, line }) => {
    const leaves = name.startsWith("/") || name.split(/[/\\]/).includes("..") || name.includes("\0");
    if (leaves) {
      problems.push(
        new PaiError("CONFIG_INVALID", `${JSON.stringify(name)} leaves the service's deploy folder`, {
          location: { file: document.file, line },
          hint: "name a file below the folder of service.yaml, without ..",
        }),
      );
    }
    return !leaves;
  });
}

function deployRules(reader: Reader): DeployRule[] {
  const { document, problems } = reader;
  return listOf(reader, "deploy-rules", "rules such as  in: pai-master").flatMap(({ item, path }) => {
    const [entry, ...more] = isModelObject(item) ? [...item] : [];
    const [key = "", label] = entry ?? [];
    const operator = key.toLowerCase();
    if ((operator === "in" || operator === "notin") && typeof label === "string" && more.length === 0) {
      return [{ operator, label, line: document.locate(path).line ?? 1 }];
    }
    problems.push(invalid(document, path, "a deploy rule must be one of  in: <label>  and  notin: <label>"));
    return [];
  });
}

function invalid(document: YamlDocument, path: YamlPath, message: string, hint?: string): PaiError {
  const options: PaiErrorOptions = { location: document.locate(path), ...(hint ? { hint } : {}) };
  return new PaiError("CONFIG_INVALID", message, options);
}
