// What a service would be deployed from, as things that can be compared.
import path from "node:path";
import { PaiError } from "@pai/core";
import { contentTag, fileHasher } from "@pai/docker";
import { readServices, type Cluster, type ModelObject, type Service } from "@pai/model";
import { imageOwners, ownImageOf } from "@pai/plan";
import { findImages, isManifestFile, renderService, type RenderedFile } from "@pai/render";
import { createIdentities, named, type ImageIdentity } from "../build/identity.ts";
import { imageOrder, type TreeImage } from "../build/tree.ts";
import { hashFiles, readStaticFiles } from "../deploy/folder.ts";
import { imageName } from "../deploy/images.ts";
import { readConfiguration, type ReadConfigurationOptions } from "../config/read-configuration.ts";

export interface TreeSnapshot {
  readonly root: string;
  readonly model: ModelObject;
  readonly services: ReadonlyMap<string, ServiceSnapshot>;
  /** Of every image of the tree; those that cannot be worked out are absent. */
  readonly images: ReadonlyMap<string, ImageIdentity>;
  /** The absent ones, and why: in words that begin with the image's name. */
  readonly brokenImages: ReadonlyMap<string, string>;
}

export interface ServiceSnapshot {
  /** Why nothing certain can be said about it. */
  readonly problem?: string;
  readonly isDeployable: boolean;
  readonly rendered: ReadonlyMap<string, RenderedFile>;
  /** Hashes of the files that are taken as they are, by their path in the deploy folder. */
  readonly files: ReadonlyMap<string, string>;
  /** The settings of service.yaml, whatever its comments and its layout. */
  readonly settings: string;
  /** Per label of its deploy-rules, the nodes that carry it. */
  readonly labels: ReadonlyMap<string, string>;
  /** The images it makes and those its manifests name. */
  readonly images: readonly string[];
}

export async function takeSnapshot(options: ReadConfigurationOptions): Promise<TreeSnapshot> {
  const { root } = options;
  const [cluster, services] = await Promise.all([readConfiguration(options), readServices(root)]);
  const images = await identifyImages(root, cluster, services);
  const snapshots = [...services.values()].map(
    async (service) => [service.name, await snapshotService(root, service, cluster)] as const,
  );
  return { root, model: cluster.model, services: new Map(await Promise.all(snapshots)), ...images };
}

async function snapshotService(root: string, service: Service, cluster: Cluster): Promise<ServiceSnapshot> {
  const own = service.images.map(({ name }) => name);
  const { deploy } = service;
  const isDeployable = deploy !== undefined;
  const empty = {
    isDeployable,
    rendered: new Map(),
    files: new Map(),
    settings: "",
    labels: new Map(),
    images: own,
  };
  const [problem] = service.problems;
  if (problem) return { ...empty, problem: problem.message };
  if (!deploy) return empty;
  try {
    const rendered = await renderService({ root, service, cluster });
    const files = await readStaticFiles(root, service);
    const named = [...rendered.map(({ name, text }) => ({ name, text })), ...files.map(textOf)]
      .filter(({ name }) => isManifestFile(name))
      .flatMap(({ text }) => findImages(text, cluster.registry.prefix))
      .map(({ reference }) => imageName(reference));
    const shown = new Set([
      ...rendered.map(({ name }) => `${name}.template`).filter(isAtTop),
      "service.yaml",
    ]);
    const { prerequisites, templates, scripts, deployRules, declarative } = deploy;
    return {
      isDeployable,
      rendered: new Map(rendered.map((file) => [file.name, file])),
      files: new Map(
        files.filter(({ name }) => !shown.has(name)).map((file) => [file.name, hashFiles([file], [])]),
      ),
      settings: JSON.stringify([
        prerequisites.map(({ name }) => name),
        templates.map(({ name }) => name),
        Object.entries(scripts).map(([name, script]) => [name, script?.name]),
        deployRules.map(({ operator, label }) => [operator, label]),
        declarative?.apply?.map(({ name }) => name),
        declarative?.sources.map(({ kind, name, namespace, type, from, literal }) => [
          kind,
          name,
          namespace,
          type,
          from,
          literal,
        ]),
      ]),
      labels: new Map(deployRules.map(({ label }) => [label, nodesWith(label, cluster)])),
      images: [...new Set([...own, ...named])],
    };
  } catch (error) {
    const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
    if (!(first instanceof PaiError)) throw error;
    return { ...empty, problem: first.message };
  }
}

/** A script may make a ConfigMap of a whole folder, and of the templates in it. */
function isAtTop(name: string): boolean {
  return !name.includes("/");
}

function textOf({ name, content }: { readonly name: string; readonly content: Buffer }): {
  readonly name: string;
  readonly text: string;
} {
  return { name, text: isManifestFile(name) ? content.toString() : "" };
}

function nodesWith(label: string, { machines }: Cluster): string {
  const nodes = machines.filter(({ labels }) => labels.includes(label)).map(({ nodeName }) => nodeName);
  return nodes.toSorted().join(" ");
}

/** Foreign bases count by their names: what a tag stands for is no matter of a commit. */
async function identifyImages(
  root: string,
  cluster: Cluster,
  services: ReadonlyMap<string, Service>,
): Promise<Pick<TreeSnapshot, "images" | "brokenImages">> {
  const owners = imageOwners(services);
  const images = new Map(
    [...services.values()].flatMap((service) =>
      service.images.map((image): [string, TreeImage] => {
        const needs = new Set(image.bases.flatMap(({ reference }) => ownImageOf(reference, owners) ?? []));
        return [image.name, { ...image, service, needs }];
      }),
    ),
  );
  const imageOf = (name: string): TreeImage => {
    const image = images.get(name);
    if (!image) throw new Error(`no image ${name}`);
    return image;
  };
  const identify = createIdentities({
    tree: { root, cluster, images, selected: [], imageOf },
    foreign: { resolve: ({ reference }) => Promise.resolve({ identity: reference }) },
    network: "",
  });
  const found = new Map<string, ImageIdentity>();
  const broken = new Map<string, string>();
  for (const [name, image] of images) {
    try {
      // Throws on a cycle, which would wait for itself.
      named(image, () => imageOrder(images, [name]));
      found.set(name, await identify(name));
    } catch (error) {
      if (!(error instanceof PaiError)) throw error;
      broken.set(name, error.message);
    }
  }
  return { images: found, brokenImages: broken };
}

/** The files of an image's context, the Dockerfile, the hooks and what these read, each with a hash. */
export function imageFiles(root: string, identity: ImageIdentity): Map<string, string> {
  const { entries, hookReads, dockerfile, image } = identity;
  const hash = fileHasher(root);
  const files = new Map(
    [...hookReads, ...entries].map((entry) => [
      entry.source,
      `${entry.type} ${entry.mode} ${entry.type === "file" ? hash(entry) : (entry.linkTarget ?? "")}`,
    ]),
  );
  const file = path.posix.join(image.service.folder, dockerfile.path);
  const said = [image.build, image.service.hookReads].filter((part) => part !== undefined);
  if (said.length > 0) files.set(`${image.service.folder}/deploy/service.yaml`, JSON.stringify(said));
  return files.set(file, contentTag({ ...noInputs, dockerfile }, hash));
}

const noInputs = { entries: [], bases: [], hooks: [], hookReads: [], network: "", settings: {} };
