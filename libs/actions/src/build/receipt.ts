// What is known of the image that the tree stood for when it was last built or pushed. For whoever wants to
// look; whether an image has to be built is never decided by it, but by registry and engine.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { findLocalImage, type Engine } from "@pai/docker";
import type { ImageIdentity } from "./identity.ts";
import type { Inputs } from "./inputs.ts";
import type { Place } from "./where.ts";
import { writeJsonFile } from "./write-json.ts";

export interface Receipt extends ReceiptFacts {
  readonly image: string;
  readonly service: string;
  /** With the content tag. */
  readonly reference: string;
  readonly contentTag: string;
  readonly inputs: Inputs;
}

interface ReceiptFacts {
  /** The registry's, once it is there. */
  readonly digest?: string;
  /** The engine's, while it is there. */
  readonly id?: string;
  readonly platform?: string;
  readonly builtAt?: string;
  /** Such as `buildkit of docker 20.10.24`. */
  readonly builder?: string;
  /** Bytes of all layers. */
  readonly size?: number;
}

export interface ReceiptOptions {
  /** Absolute. */
  readonly root: string;
  readonly identity: ImageIdentity;
  /** With the content tag. */
  readonly reference: string;
}

const folder = "dist/images";

/** Adds the facts to those that are known of the same content, or begins anew. */
export function writeReceipt({ root, identity, reference }: ReceiptOptions, facts: ReceiptFacts): void {
  const { name: image, service } = identity.image;
  const earlier = readReceipt(root, image);
  const known = earlier?.reference === reference ? earlier : undefined;
  const isKnown = ([key, value]: [string, unknown]): boolean => known?.[key as keyof ReceiptFacts] === value;
  if (known && Object.entries(facts).every(isKnown)) return;
  const about = { image, service: service.name, reference, contentTag: identity.tag };
  const receipt: Receipt = { ...about, ...known, ...facts, inputs: known?.inputs ?? identity.inputs() };
  writeJsonFile(path.join(root, fileOf(image)), receipt);
}

/** The receipt of what an engine has just built; returns the bytes of all its layers. */
export async function recordBuilt(
  options: ReceiptOptions & { readonly builder: string; readonly id: string; readonly signal: AbortSignal },
  engine: Engine,
): Promise<number | undefined> {
  const image = await findLocalImage(engine, options.id, options.signal);
  if (!image) return undefined;
  const builder = `${options.builder} of ${engine.name}`;
  writeReceipt(options, { ...factsOf({ where: "engine", engine, image }), builder });
  return image.size;
}

/** Undefined where there is none, or where something else is in its place. */
export function readReceipt(root: string, image: string): Receipt | undefined {
  try {
    const found = JSON.parse(readFileSync(path.join(root, fileOf(image)), "utf8")) as Partial<Receipt>;
    return typeof found.reference === "string" && found.inputs ? (found as Receipt) : undefined;
  } catch {
    return undefined;
  }
}

/** Those that are there, by image: with one look, as most images of a large tree have none. */
export function readReceipts(root: string): ReadonlyMap<string, Receipt> {
  const receipts = namesIn(path.join(root, folder)).flatMap((name): [string, Receipt][] => {
    const image = path.basename(name, ".json");
    const receipt = readReceipt(root, image);
    return receipt ? [[image, receipt]] : [];
  });
  return new Map(receipts);
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

export function factsOf(place: Exclude<Place, { where: "nowhere" }>): ReceiptFacts {
  if (place.where === "registry") return { digest: place.digest };
  const { id, created, size, platform } = place.image;
  return { id, builtAt: created.toISOString(), size, ...(platform === undefined ? {} : { platform }) };
}

function fileOf(image: string): string {
  return `${folder}/${image}.json`;
}
