import { joinErrors, nearMisses, PaiError } from "@pai/core";
import { readCluster, readServices, type Cluster, type ImageSource, type Service } from "@pai/model";
import {
  asNamed,
  buildOrder,
  imageEdges,
  imageNeeds,
  imageOwners,
  needsFirst,
  ownImageOf,
  selectServices,
  withNeeds,
} from "@pai/plan";
import { parseBuildArgs, withImageOptions, type ImageOptions } from "./image-options.ts";

/** The images of a tree, and those of them that are asked for. */
export interface BuildTree {
  /** Absolute. */
  readonly root: string;
  readonly cluster: Cluster;
  readonly images: ReadonlyMap<string, TreeImage>;
  /** Throws for a name that is none of the tree's. */
  readonly imageOf: (name: string) => TreeImage;
  /** Names of images, bases first. */
  readonly selected: readonly string[];
}

export interface TreeImage extends ImageSource {
  readonly service: Service;
  /** The own images to build before it: those among its bases, and those of its service's components. */
  readonly needs: ReadonlySet<string>;
}

export interface TreeSelection extends ImageOptions {
  /** The folder that holds `src` and the configuration. */
  readonly root: string;
  /** Relative to the root, or absolute. */
  readonly configuration: string;
  /** All when absent. */
  readonly services?: readonly string[] | undefined;
  /** Single images, in place of all those of the services. */
  readonly images?: readonly string[] | undefined;
}

/** Reads and checks everything that the selection needs; throws all that is wrong with it at once. */
export async function readBuildTree(selection: TreeSelection): Promise<BuildTree> {
  const { root, configuration: directory } = selection;
  const args = parseBuildArgs(selection.buildArgs, process.env);
  const [cluster, services] = await Promise.all([readCluster({ root, directory }), readServices(root, args)]);
  const images = treeImages(services);
  const names = selection.images
    ? selectImages(selection.images, images)
    : imagesOf(selection.services, services);
  const selectedServices = [...new Set(names.flatMap((name) => images.get(name)?.service.name ?? []))];
  const needed = withNeeds(imageEdges(services), selectedServices);
  throwAll([...needed].flatMap((name) => services.get(name)?.problems ?? []));
  // Throws on a cycle of services; images of one service may still name each other.
  buildOrder(services, selectedServices);
  const wanted = new Set(names);
  const selected = imageOrder(images, names).filter((name) => wanted.has(name));
  return buildTreeOf({ root, cluster, images: withImageOptions(images, selected, selection) }, selected);
}

export function buildTreeOf(
  parts: Pick<BuildTree, "root" | "cluster" | "images">,
  selected: readonly string[],
): BuildTree {
  return { ...parts, selected, imageOf: (name) => imageOf(parts.images, name) };
}

/** As the tree has them, by name. */
export function treeImages(services: ReadonlyMap<string, Service>): ReadonlyMap<string, TreeImage> {
  const owners = imageOwners(services);
  const needs = imageNeeds(services);
  const withNeedsOf = (image: ImageSource, service: Service): TreeImage => {
    // imageNeeds leaves an image out that starts from itself, which would wait for itself.
    const bases = image.bases.flatMap(({ reference }) => ownImageOf(reference, owners) ?? []);
    return { ...image, service, needs: new Set([...bases, ...(needs.get(image.name) ?? [])]) };
  };
  return new Map(
    [...services.values()].flatMap((service) =>
      service.images.map((image) => [image.name, withNeedsOf(image, service)] as const),
    ),
  );
}

/** The named images and all that come before them, needs first. Throws IMAGE_CYCLE. */
export function imageOrder(images: ReadonlyMap<string, TreeImage>, names: readonly string[]): string[] {
  return needsFirst(
    names,
    (name) => images.get(name)?.needs ?? [],
    (cycle) => {
      const file = imageOf(images, cycle[0] ?? "").dockerfile;
      throw new PaiError("IMAGE_CYCLE", `the images need each other: ${cycle.join(" -> ")}`, {
        location: { file },
      });
    },
  );
}

function imageOf(images: ReadonlyMap<string, TreeImage>, name: string): TreeImage {
  const image = images.get(name);
  if (!image) throw new Error(`no image ${name} in the tree`);
  return image;
}

function imagesOf(
  given: readonly string[] | undefined,
  services: ReadonlyMap<string, Service>,
): readonly string[] {
  const names = asNamed(given ?? [], services);
  const selected = selectServices(services, names).flatMap((name) => services.get(name) ?? []);
  const explicit = new Set(names);
  throwAll(
    selected
      .filter(({ name, images }) => images.length === 0 && explicit.has(name))
      .map(
        ({ name, folder }) =>
          new PaiError("DOCKERFILE_INVALID", `${name} makes no image: ${folder}/build has no Dockerfile`, {
            hint: `add ${folder}/build/${name}.dockerfile, or leave ${name} out`,
          }),
      ),
  );
  return selected.flatMap(({ images }) => images.map(({ name }) => name));
}

function selectImages(given: readonly string[], images: ReadonlyMap<string, TreeImage>): readonly string[] {
  const names = asNamed(given, images);
  throwAll(
    names
      .filter((name) => !images.has(name))
      .map((name) => {
        const near = nearMisses(name, images.keys()).map((each) => `"${each}"`);
        return new PaiError("USAGE", `there is no image "${name}" in src`, {
          hint:
            near.length > 0 ? `did you mean ${near.join(" or ")}?` : "images are named after the Dockerfiles",
        });
      }),
  );
  return [...new Set(names)];
}

export function throwAll(errors: readonly Error[]): void {
  if (errors.length > 0) throw joinErrors(errors);
}
