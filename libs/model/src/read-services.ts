import { existsSync, readdirSync, readFileSync, type Dirent } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import { parseService } from "./parse-service.ts";
import type { Service } from "./service.ts";

/**
 * Every folder of `src/` that has a Dockerfile, a component.dep or a service.yaml, by name in alphabetical
 * order. What is wrong with a service is in its `problems`; only a missing `src/` is thrown.
 */
export async function readServices(root: string): Promise<ReadonlyMap<string, Service>> {
  // Thousands of small files: synchronous reading is several times faster, and nothing else waits here.
  const folders = entriesOf(path.join(root, "src"));
  if (!folders) {
    throw new PaiError("CONFIG_INVALID", `read the services: ${root} has no folder src`, {
      hint: "run it in the root of the tree, the folder that holds src and configuration",
    });
  }
  const services = folders
    .filter((entry) => !entry.isFile() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .toSorted()
    .flatMap((name) => readService(root, name) ?? []);
  return new Map(markDuplicateImages(services).map((service) => [service.name, service]));
}

function readService(root: string, name: string): Service | undefined {
  const folder = path.join(root, "src", name);
  const problems: PaiError[] = [];
  const read = (relative: string): string | undefined => {
    try {
      return readFileSync(path.join(folder, relative), "utf8");
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      const file = `src/${name}/${relative}`;
      problems.push(new PaiError("CONFIG_INVALID", `read ${file}`, { cause, location: { file } }));
      return undefined;
    }
  };
  const dockerfiles = (entriesOf(path.join(folder, "build")) ?? [])
    .map((entry) => entry.name)
    .filter((file) => file.endsWith(".dockerfile"))
    .toSorted()
    .flatMap((file) => {
      const text = read(`build/${file}`);
      return text === undefined ? [] : [[file, text] as const];
    });
  const componentDep = read("build/component.dep");
  const serviceYaml = read("deploy/service.yaml");
  const isService = dockerfiles.length > 0 || componentDep !== undefined || serviceYaml !== undefined;
  if (!isService && problems.length === 0) return undefined;
  const service = parseService({
    name,
    dockerfiles: new Map(dockerfiles),
    ...(componentDep === undefined ? {} : { componentDep }),
    ...(serviceYaml === undefined ? {} : { serviceYaml }),
    exists: (relative) => existsSync(path.join(root, relative)),
  });
  return { ...service, problems: [...problems, ...service.problems] };
}

function markDuplicateImages(services: readonly Service[]): Service[] {
  const dockerfiles = Map.groupBy(
    services.flatMap(({ images }) => images),
    ({ name }) => name,
  );
  return services.map((service) => {
    const problems = service.images.flatMap((image) => {
      const others = (dockerfiles.get(image.name) ?? []).filter((other) => other !== image);
      if (others.length === 0) return [];
      return new PaiError(
        "CONFIG_INVALID",
        `the image "${image.name}" is also made by ${others.map(({ dockerfile }) => dockerfile).join(" and ")}`,
        { location: { file: image.dockerfile }, hint: "rename one of the files" },
      );
    });
    return problems.length === 0 ? service : { ...service, problems: [...service.problems, ...problems] };
  });
}

function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new PaiError("CONFIG_INVALID", `read the folder ${folder}`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
