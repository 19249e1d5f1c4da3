// What an image is made of, and the content tag that follows from it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import {
  contentTag,
  fileHasher,
  readDockerignore,
  walkContext,
  walkPaths,
  type ContextEntry,
} from "@pai/docker";
import {
  isPredefinedArg,
  readInstructions,
  type BaseImage,
  type Instruction,
  type Service,
} from "@pai/model";
import { ownImageOf } from "@pai/plan";
import type { ForeignBases } from "./foreign-bases.ts";
import { findHooks } from "./hooks.ts";
import { inputsOf, type Inputs } from "./inputs.ts";
import type { BuildTree, TreeImage } from "./tree.ts";

export interface ImageIdentity {
  readonly image: TreeImage;
  /** `c-` and 16 hex digits. */
  readonly tag: string;
  readonly entries: readonly ContextEntry[];
  /** What the hooks read outside of the context. */
  readonly hookReads: readonly ContextEntry[];
  readonly dockerfile: {
    /** In the context. */
    readonly path: string;
    readonly text: string;
    readonly instructions: readonly Instruction[];
  };
  /** Own bases with their content tags, by the lines that name them. */
  readonly ownBases: readonly (BaseImage & { readonly image: string; readonly tag: string })[];
  /** Other bases that are known by a digest, and how FROM names exactly them. */
  readonly pinnedBases: readonly (BaseImage & { readonly exact: string })[];
  /** Bases that no registry knows, each with the id of the engine's image. */
  readonly localBases: readonly (BaseImage & { readonly id: string })[];
  /** All that the content tag stands for, to be compared with what another one stood for. */
  readonly inputs: () => Inputs;
}

export interface IdentityOptions {
  readonly tree: BuildTree;
  readonly foreign: ForeignBases;
  readonly network: string;
}

/** Names an image's identity; each is worked out once. */
export function createIdentities(options: IdentityOptions): (image: string) => Promise<ImageIdentity> {
  const { tree } = options;
  const known = new Map<string, Promise<ImageIdentity>>();
  const owners = new Map([...tree.images.values()].map(({ name, service }) => [name, service.name]));
  const hashFile = fileHasher(tree.root);

  const identify = (name: string): Promise<ImageIdentity> => {
    const found = known.get(name) ?? work(tree.imageOf(name));
    known.set(name, found);
    return found;
  };
  const work = async (image: TreeImage): Promise<ImageIdentity> => {
    const ownBases: ImageIdentity["ownBases"][number][] = [];
    const pinnedBases: ImageIdentity["pinnedBases"][number][] = [];
    const localBases: ImageIdentity["localBases"][number][] = [];
    const bases: { reference: string; identity: string }[] = [];
    for (const base of image.bases) {
      const own = ownImageOf(base.reference, owners);
      if (own === undefined) {
        const { identity, exact } = await options.foreign.resolve(base, image);
        bases.push({ reference: base.reference, identity });
        if (exact === undefined) localBases.push({ ...base, id: identity });
        else pinnedBases.push({ ...base, exact });
      } else {
        const { tag } = await identify(own);
        bases.push({ reference: base.reference, identity: tag });
        ownBases.push({ ...base, image: own, tag });
      }
    }
    const { entries, dockerfile, hooks, hookReads } = named(image, () => readContext(tree.root, image));
    const { network } = options;
    const settings = settingsOf(image);
    const tag = named(image, () =>
      contentTag({ entries, dockerfile, bases, hooks, hookReads, network, settings }, hashFile),
    );
    const all = {
      entries,
      dockerfile,
      bases,
      hooks,
      hookReads,
      settings: { network, ...settings },
      hashFile,
    };
    const inputs = (): Inputs => inputsOf(all);
    return {
      image,
      tag,
      entries,
      hookReads,
      dockerfile: {
        ...dockerfile,
        // Most identities are only compared.
        get instructions() {
          return readInstructions(dockerfile.text).instructions;
        },
      },
      ownBases,
      pinnedBases,
      localBases,
      inputs,
    };
  };
  return identify;
}

/** What decides beside files what an image contains. A proxy does not, and a secret only by being there. */
function settingsOf({ build }: TreeImage): Readonly<Record<string, string>> {
  if (!build) return {};
  const { args, target, platform, epoch, secrets } = build;
  const kept = Object.entries(args).filter(([name]) => !isPredefinedArg(name));
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [`ARG ${name}`, value])),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    ...(epoch === undefined ? {} : { epoch }),
    ...(secrets.length === 0 ? {} : { secrets: secrets.join(" ") }),
  };
}

/** The service's folder, and the components that it names, where OpenPAI has them. */
export function contextFolders({ folder, components }: Service): { source: string; target: string }[] {
  return [
    { source: folder, target: "" },
    ...components.map(({ name }) => ({ source: `src/${name}`, target: `dependency/${name}` })),
  ];
}

/** Whoever reads files and orders images does not know which image that is for: its name goes before the error. */
export function named<T>({ name }: TreeImage, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof PaiError ? error.withMessage(`${name}: ${error.message}`) : error;
  }
}

/** The filtered context as the tree has it, before any hook. */
function readContext(
  root: string,
  { service, dockerfile, contextPaths }: TreeImage,
): {
  readonly entries: readonly ContextEntry[];
  readonly dockerfile: { readonly path: string; readonly text: string };
  readonly hooks: readonly { readonly name: string; readonly text: string }[];
  readonly hookReads: readonly ContextEntry[];
} {
  const hooks = (service.hasHooks ? findHooks(root, service.folder) : []).map((file) => ({
    name: file,
    text: readFileSync(path.join(root, file), "utf8"),
  }));
  const entries = walkContext({
    root,
    folders: contextFolders(service),
    ignore: readDockerignore(root, dockerfile, service.folder),
    // A hook may make what is copied from any file of the service.
    paths: hooks.length > 0 ? ["."] : contextPaths,
  });
  const text = readFileSync(path.join(root, dockerfile), "utf8");
  const inContext = dockerfile.slice(service.folder.length + 1);
  const hookReads = walkPaths(root, service.hookReads ?? []);
  return { entries, dockerfile: { path: inContext, text }, hooks, hookReads };
}
