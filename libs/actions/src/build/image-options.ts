// What a command line says about how images are built, for those of the tree that it fits.
import { nearMisses, PaiError } from "@pai/core";
import { isPredefinedArg, isSecretName, type ImageBuild } from "@pai/model";
import { parseSecretOptions } from "./secrets.ts";
import type { TreeImage } from "./tree.ts";

/** Part of what an image is: builds and pushes have to be given the same. */
export interface ImageOptions {
  /** `NAME=value`, or `NAME` for what the environment has; for every image whose Dockerfile declares it. */
  readonly buildArgs?: readonly string[] | undefined;
  /** The stage to build, for the selected images that have it. */
  readonly target?: string | undefined;
  /** Such as `linux/arm64`, for every image. */
  readonly platform?: string | undefined;
  /** `id=NAME,src=FILE` or `id=NAME,env=VARIABLE`, for every image that mounts it. */
  readonly secrets?: readonly string[] | undefined;
}

/** Throws USAGE, without the value of anything. */
export function parseBuildArgs(
  texts: readonly string[] = [],
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = "", ...rest] = text.split("=");
      const value = rest.length > 0 ? rest.join("=") : env[name];
      if (!/^\w+$/.test(name))
        throw new PaiError(
          "USAGE",
          "--build-arg takes NAME=value, or NAME alone for the environment's value",
        );
      if (isSecretName(name)) {
        throw new PaiError("USAGE", `--build-arg ${name}: it would be kept in the image's history`, {
          hint: `mount it in the Dockerfile, RUN --mount=type=secret,id=${name}, and give --secret id=${name},env=${name}`,
        });
      }
      if (value === undefined)
        throw new PaiError("USAGE", `--build-arg ${name}: the environment has no such variable`);
      return [name, value];
    }),
  );
}

/** The images as the options make them. ARGs are set already, as they may name the images to start from. */
export function withImageOptions(
  images: ReadonlyMap<string, TreeImage>,
  selected: readonly string[],
  options: ImageOptions,
): ReadonlyMap<string, TreeImage> {
  const args = Object.keys(parseBuildArgs(options.buildArgs, process.env));
  const secrets = parseSecretOptions(options.secrets).map(({ id }) => id);
  const target = options.target?.toLowerCase();
  // Of the whole tree: Nx hands the same options to every service that a run needs.
  const all = [...images.values()].map(({ names }) => names);
  for (const name of args.filter((each) => !isPredefinedArg(each)))
    requireUse(
      `--build-arg ${name}`,
      `declares ARG ${name}`,
      name,
      all.flatMap((names) => names.args),
    );
  for (const id of secrets)
    requireUse(`--secret id=${id}`, `mounts the secret ${id}`, id, all.flatMap(mountedIn));
  if (target !== undefined)
    requireUse(
      `--target ${target}`,
      `has the stage ${target}`,
      target,
      all.flatMap((names) => names.stages),
    );
  const wanted = new Set(selected);
  return new Map(
    [...images].map(([name, image]) => {
      const staged = wanted.has(name) && target !== undefined && image.names.stages.includes(target);
      const build = merge(image, {
        ...(staged ? { target } : {}),
        ...(options.platform === undefined ? {} : { platform: options.platform }),
        secrets,
      });
      return [name, build ? { ...image, build } : image];
    }),
  );
}

function merge({ names, build }: TreeImage, over: Partial<ImageBuild>): ImageBuild | undefined {
  const mounted = mountedIn(names);
  const required = names.secrets.flatMap((mount) => (mount.required ? [mount.id] : []));
  const given = (over.secrets ?? []).filter((id) => mounted.includes(id));
  const secrets = [...new Set([...(build?.secrets ?? []), ...required, ...given])].toSorted();
  const merged: ImageBuild = { args: {}, ...build, ...over, secrets };
  const isEmpty =
    secrets.length === 0 && Object.keys(merged.args).length === 0 && Object.keys(merged).length === 2;
  return isEmpty ? undefined : merged;
}

function mountedIn({ secrets }: TreeImage["names"]): string[] {
  return secrets.map(({ id }) => id);
}

function requireUse(option: string, what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const [near] = nearMisses(name, known);
  const hint = near === undefined ? {} : { hint: `did you mean "${near}"?` };
  throw new PaiError("USAGE", `${option}: none of the Dockerfiles ${what}`, hint);
}
