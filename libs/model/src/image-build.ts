import { nearMisses } from "@pai/core";
import type { BuildBlock, ServiceBuild } from "./parse-build.ts";
import { report } from "./section.ts";
import type { DockerfileNames, ImageBuild } from "./service.ts";

/** Every build may set these; they are not kept in the image. */
const predefined = /^(?:https?|ftp|all|no)_proxy$/i;

export function isPredefinedArg(name: string): boolean {
  return predefined.test(name);
}

/** What of service.yaml and of the command line is for one image: arguments only where the Dockerfile has them. */
export function imageBuildOf(
  image: string,
  names: DockerfileNames,
  build: ServiceBuild | undefined,
  given: Readonly<Record<string, string>>,
): ImageBuild | undefined {
  const blocks = build ? [build.all, build.images.get(image)].filter((block) => block !== undefined) : [];
  const args = Object.entries(argsFor(image, build, given)).filter(
    ([name]) => names.args.includes(name) || isPredefinedArg(name),
  );
  const last = <K extends "target" | "platform" | "epoch">(key: K): string | undefined =>
    blocks.findLast((block) => block[key] !== undefined)?.[key];
  const target = last("target");
  const mounted = new Set(names.secrets.map(({ id }) => id));
  const found: ImageBuild = {
    args: Object.fromEntries(args),
    ...(target !== undefined && names.stages.includes(target.toLowerCase()) ? { target } : {}),
    ...pick("platform", last("platform")),
    ...pick("epoch", last("epoch")),
    secrets: blocks.flatMap(({ secrets }) => secrets).filter((id) => mounted.has(id)),
  };
  const empty = args.length === 0 && Object.keys(found).length === 2 && found.secrets.length === 0;
  return empty ? undefined : found;
}

/** All values that are given for an image's ARGs, whether or not it has them. */
export function argsFor(
  image: string,
  build: ServiceBuild | undefined,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { ...build?.all.args, ...build?.images.get(image)?.args, ...given };
}

/** Reports what of service.yaml fits none of the Dockerfiles. */
export function checkBuild(
  { all, images }: ServiceBuild,
  dockerfiles: ReadonlyMap<string, DockerfileNames>,
): void {
  checkBlock(all, [...dockerfiles.values()], "no Dockerfile of the service");
  for (const [name, block] of images) {
    const names = dockerfiles.get(name);
    if (names) checkBlock(block, [names], `the Dockerfile of ${name}`, "not ");
    else {
      const [near] = nearMisses(name, dockerfiles.keys());
      const hint = near === undefined ? "images are named after the Dockerfiles" : `did you mean "${near}"?`;
      report(block.section, [], "is no image of the service", hint);
    }
  }
}

function checkBlock(
  { section, args, target, secrets }: BuildBlock,
  dockerfiles: readonly DockerfileNames[],
  subject: string,
  not = "",
): void {
  const someHas = (has: (names: DockerfileNames) => boolean): boolean => dockerfiles.some(has);
  const does = (verb: string): string => (not === "" ? `${subject} ${verb}s` : `${subject} does not ${verb}`);
  for (const name of Object.keys(args)) {
    if (isPredefinedArg(name) || someHas((names) => names.args.includes(name))) continue;
    const [near] = nearMisses(
      name,
      dockerfiles.flatMap((names) => names.args),
    );
    const hint = near === undefined ? `write there: ARG ${name}` : `did you mean "${near}"?`;
    report(section, ["args", name], `is not used: ${does("declare")} ARG ${name}`, hint);
  }
  if (target !== undefined && !someHas((names) => names.stages.includes(target.toLowerCase()))) {
    const stages = dockerfiles.flatMap((names) => names.stages);
    const hint = stages.length === 0 ? "name one: FROM … AS name" : `there is ${stages.join(", ")}`;
    report(section, ["target"], `is no stage: ${does("name")} "${target}"`, hint);
  }
  for (const [index, id] of secrets.entries()) {
    if (someHas((names) => names.secrets.some((mount) => mount.id === id))) continue;
    const hint = `write there: RUN --mount=type=secret,id=${id},required …`;
    report(section, ["secrets", index], `is not used: ${does("mount")} the secret "${id}"`, hint);
  }
}

function pick<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, string>>);
}
