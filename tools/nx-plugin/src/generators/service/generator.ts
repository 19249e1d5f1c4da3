import { existsSync } from "node:fs";
import path from "node:path";
import { generateFiles, type Tree } from "@nx/devkit";
import { nearMisses, PaiError } from "@pai/core";
import { readServices, type Service } from "@pai/model";

export interface ServiceGeneratorOptions {
  readonly name: string;
  readonly prerequisite?: readonly string[];
  readonly image?: boolean;
  readonly base?: string;
  readonly declarative?: boolean;
}

const publicImage = "busybox:stable";

/** `nx g @pai/nx-plugin:service kafka --prerequisite=zookeeper --image --declarative` */
export default async function generateService(tree: Tree, options: ServiceGeneratorOptions): Promise<void> {
  const { name, image = false, declarative = false } = options;
  const folder = `src/${name}`;
  if (tree.exists(folder))
    throw new PaiError("USAGE", `${folder} is there already`, { hint: "choose another name" });
  const services = existsSync(path.join(tree.root, "src"))
    ? await readServices(tree.root)
    : new Map<string, Service>();
  const prerequisites = (options.prerequisite ?? []).flatMap((each) => each.split(","));
  for (const prerequisite of prerequisites) refuseUnknown(prerequisite, services);
  const substitutions = {
    name,
    // A key such as alert-manager is no name that a template could write after a dot.
    settings: `cluster_cfg['${name}']`,
    prerequisites,
    image,
    declarative,
    base: options.base ?? defaultBase(services),
    publicImage,
  };
  const layers = ["common", ...(image ? ["image"] : []), ...(declarative ? [] : ["script"])];
  for (const layer of layers) {
    generateFiles(tree, path.join(import.meta.dirname, "files", layer), folder, substitutions);
  }
  for (const file of tree.children(`${folder}/deploy`)) {
    if (!file.endsWith(".sh")) continue;
    tree.changePermissions(`${folder}/deploy/${file}`, 0o755);
  }
}

function refuseUnknown(name: string, services: ReadonlyMap<string, Service>): void {
  if (services.get(name)?.deploy) return;
  const deployed = [...services.values()].flatMap((service) => (service.deploy ? [service.name] : []));
  const near = nearMisses(name, deployed).map((each) => `"${each}"`);
  // Of what a generator throws, Nx shows the message alone.
  const meant =
    near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there is ${deployed.join(", ") || "none yet"}`;
  throw new PaiError(
    "UNKNOWN_PREREQUISITE",
    `--prerequisite=${name}: there is no such service to deploy; ${meant}`,
  );
}

function defaultBase(services: ReadonlyMap<string, Service>): string {
  const images = [...services.values()].flatMap((service) => service.images.map(({ name }) => name));
  return images.includes("base-image") ? "base-image" : publicImage;
}
