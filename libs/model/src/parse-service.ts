import { PaiError } from "@pai/core";
import { parseComponentDep } from "./parse-component-dep.ts";
import { parseHookReads } from "./parse-hook-reads.ts";
import { parseImages } from "./parse-images.ts";
import { parseServiceYaml, type ParsedServiceYaml } from "./parse-service-yaml.ts";
import type { Service, ServiceDeploy } from "./service.ts";

/** The texts of a service's own files, and a look at what lies beside them. */
export interface ServiceFiles {
  readonly name: string;
  /** File name in `build/` to text. */
  readonly dockerfiles: ReadonlyMap<string, string>;
  readonly componentDep?: string;
  readonly serviceYaml?: string;
  /** Values for ARGs of the Dockerfiles that go before those of service.yaml. */
  readonly args?: Readonly<Record<string, string>>;
  /** Whether a file or folder exists; the path is relative to the tree root. */
  readonly exists: (path: string) => boolean;
}

export function parseService(files: ServiceFiles): Service {
  const folder = `src/${files.name}`;
  const problems: PaiError[] = [];
  const parsed =
    files.serviceYaml === undefined
      ? undefined
      : parseServiceYaml(files.serviceYaml, `${folder}/deploy/service.yaml`);
  const { dockerfiles, args = {} } = files;
  const images = parseImages({ folder, dockerfiles, build: parsed?.build, args, problems });
  const reads = parsed?.build ? parseHookReads(parsed.build.all.section, folder, files.exists) : [];
  const components = parseComponentDep(files.componentDep ?? "");
  for (const { name, line } of components) {
    if (files.exists(`src/${name}`)) continue;
    problems.push(
      new PaiError(
        "CONFIG_INVALID",
        `${files.name} needs the component "${name}", but src/${name} does not exist`,
        {
          location: { file: `${folder}/build/component.dep`, line },
        },
      ),
    );
  }
  if (parsed) {
    problems.push(
      ...parsed.problems,
      ...missingTemplates(folder, parsed.deploy, files.exists),
      ...missingSources(folder, parsed.deploy, files.exists),
    );
  }
  return {
    name: files.name,
    folder,
    images,
    components,
    ...(reads.length > 0 ? { hookReads: reads } : {}),
    ...(parsed && isDeployed(parsed) ? { deploy: parsed.deploy } : {}),
    problems,
    ...(parsed?.warnings?.length ? { warnings: parsed.warnings } : {}),
  };
}

/** A service.yaml that says how images are built, and nothing to start, makes no service that is deployed. */
function isDeployed({ build, deploy }: ParsedServiceYaml): boolean {
  const { templates, scripts, declarative } = deploy;
  return !build || templates.length > 0 || Object.keys(scripts).length > 0 || declarative !== undefined;
}

/** Scripts are not among them: a missing one fails the command that would run it, and no other. */
function missingTemplates(folder: string, deploy: ServiceDeploy, exists: ServiceFiles["exists"]): PaiError[] {
  return deploy.templates
    .map(({ name, line }) => ({ name, line, path: `${folder}/deploy/${name}.template` }))
    .filter(({ path }) => !exists(path))
    .map(
      ({ name, line, path }) =>
        new PaiError("CONFIG_INVALID", `template-list names ${name}, but ${path} does not exist`, {
          location: { file: deploy.file, line },
        }),
    );
}

function missingSources(folder: string, deploy: ServiceDeploy, exists: ServiceFiles["exists"]): PaiError[] {
  const { apply = [], sources = [] } = deploy.declarative ?? {};
  const rendered = deploy.templates.map(({ name }) => name);
  const isThere = (name: string): boolean =>
    exists(`${folder}/deploy/${name}`) ||
    rendered.some((file) => file === name || file.startsWith(`${name}/`));
  const named = [
    ...apply.map(({ name, line }) => ({ name, line, key: "apply" })),
    ...sources.flatMap(({ kind, from, line }) =>
      from.map((entry) => ({ name: entry.slice(entry.indexOf("=") + 1), line, key: configKeys[kind] })),
    ),
  ];
  return named
    .filter(({ name }) => !isThere(name))
    .map(
      ({ name, line, key }) =>
        new PaiError(
          "CONFIG_INVALID",
          `${key} names ${name}, but ${folder}/deploy/${name} neither exists nor is it in template-list`,
          { location: { file: deploy.file, line } },
        ),
    );
}

const configKeys = { ConfigMap: "config-map", Secret: "secret" } as const;
