import { PaiError } from "@pai/core";
import { parseService, parseYaml, type Service, type YamlDocument } from "@pai/model";
import { filesOf, type ConfigurationFolder } from "./configuration-folder.ts";
import { shown } from "./finding.ts";
import type { CheckContext, Refusal } from "./rule.ts";
import { scriptsOf, templatesOf } from "./service-files.ts";
import { type FileText, type Tree } from "./tree.ts";

export type TreeContext = Pick<
  CheckContext,
  "tree" | "services" | "documents" | "configuration" | "refusals"
>;

/** Reads what commands read, but carefully: every file that they would stumble over is a refusal. */
export function readContext(tree: Tree, configuration: ConfigurationFolder): TreeContext {
  const refusals: Refusal[] = [];
  const documents = new Map<string, YamlDocument>();
  const textOf = (file: string, content: FileText): string | undefined => {
    if (content.kind === "text") return content.text;
    if (content.kind !== "missing") {
      refusals.push({ kind: content.kind, file, message: `${shown(file)} ${content.reason}` });
    }
    return undefined;
  };
  const parse = (file: string, content: FileText): void => {
    const text = textOf(file, content);
    if (text === undefined) return;
    try {
      documents.set(file, parseYaml(text, file));
    } catch (error) {
      if (!(error instanceof PaiError)) throw error;
      const { line, column } = error.location ?? {};
      refusals.push({ kind: "yaml", file, line, column, message: error.message });
    }
  };
  for (const name of filesOf(configuration)) parse(configuration.shown(name), configuration.tree.read(name));
  const services = tree.list("src").flatMap(({ name, kind }) => {
    if (name.startsWith(".") || kind === "file") return [];
    const folder = `src/${name}`;
    if (kind === "other") {
      refusals.push({
        kind: "outside",
        file: folder,
        message: `${shown(folder)} leads out of the tree or nowhere`,
      });
      return [];
    }
    for (const stem of new Set([name, name.replaceAll("-", "_")])) {
      const file = `${folder}/config/${stem}.yaml`;
      parse(file, tree.read(file));
    }
    // The services' code runs when the model is made: not when it lies elsewhere.
    for (const file of codeFiles(name)) textOf(file, tree.read(file));
    const serviceYaml = `${folder}/deploy/service.yaml`;
    parse(serviceYaml, tree.read(serviceYaml));
    return readService(tree, name, textOf) ?? [];
  });
  for (const file of services.flatMap((service) => [...templatesOf(service), ...scriptsOf(service)])) {
    textOf(file, tree.read(file));
  }
  return {
    tree,
    configuration,
    documents,
    refusals,
    services: new Map(services.map((service) => [service.name, service])),
  };
}

function codeFiles(service: string): string[] {
  const stems = [service, service.replaceAll("-", "_")];
  return [
    ...new Set(stems.flatMap((stem) => [".ts", ".py"].map((end) => `src/${service}/config/${stem}${end}`))),
  ];
}

function readService(
  tree: Tree,
  name: string,
  textOf: (file: string, content: FileText) => string | undefined,
): Service | undefined {
  const folder = `src/${name}`;
  const dockerfiles = tree
    .list(`${folder}/build`)
    .filter((entry) => entry.name.endsWith(".dockerfile"))
    .flatMap((entry): [string, string][] => {
      const file = `${folder}/build/${entry.name}`;
      const text = textOf(file, tree.read(file));
      return text === undefined ? [] : [[entry.name, text]];
    });
  const componentDep = textOf(`${folder}/build/component.dep`, tree.read(`${folder}/build/component.dep`));
  const deploy = tree.read(`${folder}/deploy/service.yaml`);
  const serviceYaml = deploy.kind === "text" ? deploy.text : undefined;
  if (dockerfiles.length === 0 && componentDep === undefined && deploy.kind === "missing") return undefined;
  return parseService({
    name,
    dockerfiles: new Map(dockerfiles),
    ...(componentDep === undefined ? {} : { componentDep }),
    ...(serviceYaml === undefined ? {} : { serviceYaml }),
    exists: tree.exists,
  });
}
