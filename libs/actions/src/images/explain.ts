// Why an image is what it is now, and not what the registry has: the inputs that differ.
import { mapAtOnce } from "@pai/core";
import type { ImageConfig } from "@pai/registry";
import { compareInputs, type InputChange } from "../build/compare-inputs.ts";
import { contextFolders, type ImageIdentity } from "../build/identity.ts";
import { decodeInputs, type Inputs } from "../build/inputs.ts";
import { openLook, type Look, type LookOptions } from "../build/look.ts";
import { readReceipt } from "../build/receipt.ts";
import { createLocator, type Place } from "../build/where.ts";
import { lookForDeployed, type DeployedOptions } from "./deployed.ts";

export interface ImageExplanation {
  readonly service: string;
  readonly image: string;
  /** What the tree makes now. */
  readonly tag: string;
  readonly where: Place["where"];
  /** What the release tag names, else the image that was made last; absent when the registry has none. */
  readonly newest?: NewestImage;
  /** Absent when there is nothing to compare with, or when it does not say what it was made of. */
  readonly changes?: readonly ExplainedChange[];
  /** What the cluster runs of it; absent when no cluster was asked. */
  readonly deployed?: readonly DeployedImage[];
}

export interface DeployedImage extends NewestImage {
  /** Absent when it does not say what it was made of. */
  readonly changes?: readonly ExplainedChange[];
}

export type ExplainOptions = LookOptions & DeployedOptions;

export interface NewestImage {
  /** The content tag; absent for an image that pai did not make. */
  readonly tag?: string;
  readonly created?: string;
  /** The commit that it was built from. */
  readonly revision?: string;
}

export interface ExplainedChange extends InputChange {
  /** Of an own base: what changed in it. */
  readonly because?: readonly ExplainedChange[];
}

const readsAtOnce = 8;

/** In the order of the build. */
export async function explainImages(options: ExplainOptions): Promise<ImageExplanation[]> {
  const { report, signal } = options;
  const look = await openLook(options);
  const findDeployed = await lookForDeployed(look, options);
  const locate = createLocator({ stores: look.stores, report, signal });
  return mapAtOnce(look.tree.selected, { limit: readsAtOnce, signal }, async (name) => {
    const identity = await look.identify(name);
    const { where } = await locate(identity);
    const newest = await findNewest(look, name, signal);
    const inputs = newest && inputsAt(look, name, newest);
    return {
      service: identity.image.service.name,
      image: name,
      tag: identity.tag,
      where,
      ...(newest ? { newest: describe(newest) } : {}),
      ...(inputs ? { changes: await explain(look, identity, inputs) } : {}),
      ...(findDeployed ? { deployed: await explainDeployed(look, identity, await findDeployed(name)) } : {}),
    };
  });
}

function explainDeployed(
  look: Look,
  identity: ImageIdentity,
  configs: readonly ImageConfig[],
): Promise<DeployedImage[]> {
  return Promise.all(
    configs.map(async (config) => {
      const inputs = inputsAt(look, identity.image.name, config);
      const changes = inputs && (await explain(look, identity, inputs));
      return { ...describe(config), ...(changes ? { changes } : {}) };
    }),
  );
}

async function findNewest(
  { tree, stores }: Look,
  image: string,
  signal: AbortSignal,
): Promise<ImageConfig | undefined> {
  const { repository } = stores.names(image);
  const released = await stores.registry.readConfig({ repository, tag: tree.cluster.registry.tag });
  if (released) return released;
  const tags = (await stores.registry.listTags(repository)).filter((tag) => /^c-[0-9a-f]{16}$/.test(tag));
  const configs = await mapAtOnce(tags, { limit: readsAtOnce, signal }, (tag) =>
    stores.registry.readConfig({ repository, tag }),
  );
  const known = configs.flatMap((config) => config ?? []);
  return known.toSorted((a, b) => Number(b.created ?? 0) - Number(a.created ?? 0))[0];
}

/** A receipt of the same content knows every file where the label had no room for them. */
function inputsAt({ tree }: Look, image: string, { labels }: ImageConfig): Inputs | undefined {
  const receipt = readReceipt(tree.root, image);
  if (receipt && receipt.contentTag === labels["pai.content"]) return receipt.inputs;
  return decodeInputs(labels["pai.inputs"] ?? "");
}

async function explain(look: Look, identity: ImageIdentity, old: Inputs): Promise<ExplainedChange[]> {
  const changes: ExplainedChange[] = [];
  for (const change of compareInputs(old, identity.inputs())) {
    const named = { ...change, name: nameInTree(identity, change) };
    const base = identity.ownBases.find(({ reference }) => reference === change.name);
    const because =
      change.kind === "base" && base && change.old !== undefined
        ? await explainBase(look, base.image, change.old)
        : undefined;
    changes.push(because ? { ...named, because } : named);
  }
  return changes;
}

async function explainBase(
  look: Look,
  image: string,
  oldTag: string,
): Promise<ExplainedChange[] | undefined> {
  const { repository } = look.stores.names(image);
  const config = await look.stores.registry.readConfig({ repository, tag: oldTag });
  const inputs = config && inputsAt(look, image, config);
  return inputs && explain(look, await look.identify(image), inputs);
}

/** The path that people know a file of the context by. */
function nameInTree({ image: { service } }: ImageIdentity, { kind, name }: InputChange): string {
  if (kind === "dockerfile") return `${service.folder}/${name}`;
  if (kind !== "file") return name;
  const folders = contextFolders(service).toSorted((a, b) => b.target.length - a.target.length);
  const folder = folders.find(({ target }) => target === "" || name.startsWith(`${target}/`));
  return `${folder?.source ?? service.folder}${name.slice(folder?.target.length ?? 0).replace(/^\/?/, "/")}`;
}

function describe({ labels, created }: ImageConfig): NewestImage {
  const { "pai.content": tag, "pai.revision": revision } = labels;
  return {
    ...(tag === undefined ? {} : { tag }),
    ...(created === undefined ? {} : { created: created.toISOString() }),
    ...(revision === undefined ? {} : { revision }),
  };
}
