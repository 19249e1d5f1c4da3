import { existsSync } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import { readFolder, readText } from "./files.ts";
import { parseService } from "./parse-service.ts";
import type { Service } from "./service.ts";

/**
 * Every folder of `src/` that has a Dockerfile, a component.dep or a service.yaml, by name in alphabetical
 * order. What is wrong with a service is in its `problems`; only a missing `src/` is thrown. `args`: values for
 * ARGs of the Dockerfiles.
 */
export async function readServices(
  root: string,
  args: Readonly<Record<string, string>> = {},
): Promise<ReadonlyMap<string, Service>> {
  const folders = readFolder(path.join(root, "src"), "src");
  if (!folders) {
    throw new PaiError("CONFIG_INVALID", `there is no folder src in ${root}`, {
      hint: "run it in the root of the tree, the folder that holds src and configuration",
    });
  }
  const services = folders
    .filter((entry) => !entry.isFile() && !entry.name.startsWith("."))
    .flatMap(({ name }) => readService(root, name, args) ?? []);
  return new Map(markDuplicateImages(services).map((service) => [service.name, service]));
}

function readService(
  root: string,
  name: string,
  args: Readonly<Record<string, string>>,
): Service | undefined {
  const folder = `src/${name}`;
  const unreadable: PaiError[] = [];
  const attempt = <T>(read: () => T | undefined): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof PaiError)) throw error;
      unreadable.push(error);
      return undefined;
    }
  };
  const text = (file: string): string | undefined =>
    attempt(() => readText(path.join(root, folder, file), `${folder}/${file}`));
  const buildFiles = attempt(() => readFolder(path.join(root, folder, "build"), `${folder}/build`)) ?? [];
  const dockerfiles = buildFiles
    .filter((entry) => entry.name.endsWith(".dockerfile"))
    .flatMap((entry): [string, string][] => {
      const content = text(`build/${entry.name}`);
      return content === undefined ? [] : [[entry.name, content]];
    });
  const hasComponents = buildFiles.some((entry) => entry.name === "component.dep");
  const hooks = buildFiles.filter((entry) => /^build-(?:pre|post)\.sh$/.test(entry.name));
  // Only for what is wrong with them: who builds reads them again.
  for (const { name: hook } of hooks) text(`build/${hook}`);
  const componentDep = hasComponents ? text("build/component.dep") : undefined;
  const serviceYaml = text("deploy/service.yaml");
  const hasFiles = dockerfiles.length > 0 || componentDep !== undefined || serviceYaml !== undefined;
  if (!hasFiles && unreadable.length === 0) return undefined;
  const service = parseService({
    name,
    dockerfiles: new Map(dockerfiles),
    args,
    ...(componentDep === undefined ? {} : { componentDep }),
    ...(serviceYaml === undefined ? {} : { serviceYaml }),
    exists: (relative) => existsSync(path.join(root, relative)),
  });
  const problems = [...unreadable, ...service.problems];
  return { ...service, ...(hooks.length > 0 ? { hasHooks: true } : {}), problems };
}

function markDuplicateImages(services: readonly Service[]): Service[] {
  const sources = Map.groupBy(
    services.flatMap(({ images }) => images),
    ({ name }) => name,
  );
  return services.map((service) => {
    const problems = service.images.flatMap((image) => {
      const others = (sources.get(image.name) ?? []).filter((other) => other !== image);
      if (others.length === 0) return [];
      const elsewhere = others.map(({ dockerfile }) => dockerfile).join(" and ");
      return new PaiError("CONFIG_INVALID", `the image "${image.name}" is also made by ${elsewhere}`, {
        location: { file: image.dockerfile },
        hint: "rename one of the files",
      });
    });
    return problems.length === 0 ? service : { ...service, problems: [...service.problems, ...problems] };
  });
}
