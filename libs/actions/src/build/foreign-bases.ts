import { readFileSync } from "node:fs";
import path from "node:path";
import { nearMisses, PaiError, parseImageReference, type ErrorCode, type Report } from "@pai/core";
import { excerptOf, findRemoteDigest, type LocalImage } from "@pai/docker";
import type { BaseImage } from "@pai/model";
import { askRegistry, type Resolution } from "./ask-registry.ts";
import { findWithoutEngine } from "./find-without-engine.ts";
import type { BaseLock, LockedBase } from "./lock.ts";
import type { Stores } from "./stores.ts";
import type { BuildTree, TreeImage } from "./tree.ts";

/** Images that the tree starts from and does not make itself. */
export interface ForeignBases {
  /** What the reference stands for, the same for the whole run. */
  readonly resolve: (base: BaseImage, image: TreeImage) => Promise<ForeignBase>;
}

interface ForeignBase {
  /** A digest, or the engine's id of an image that has none. */
  readonly identity: string;
  /** `name@sha256:…`: what FROM has to say for every engine to take this very image. */
  readonly exact?: string;
}

export interface ForeignBasesOptions {
  readonly tree: BuildTree;
  readonly stores: Stores;
  readonly lock: BaseLock;
  /** Asks the registry also for what the engine has. */
  readonly pull?: boolean;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export function createForeignBases(options: ForeignBasesOptions): ForeignBases {
  const { tree, lock, pull = false } = options;
  if (pull && lock.locked) {
    throw new PaiError("USAGE", "--pull asks what base images are now, --locked keeps them as they were", {
      hint: "leave one of them out",
    });
  }
  const known = new Map<string, Promise<Resolution>>();
  return {
    resolve: async (base, image) => {
      const found = known.get(base.reference) ?? resolve(options, base.reference);
      known.set(base.reference, found);
      const result = await found;
      if ("reason" in result) throw missing(tree, base, image, result.reason);
      const { kind, identity } = result.base;
      const exact = kind === "digest" ? `${withoutTag(base.reference)}@${identity}` : undefined;
      return { identity, ...(exact === undefined ? {} : { exact }) };
    },
  };
}

async function resolve(options: ForeignBasesOptions, reference: string): Promise<Resolution> {
  const { lock, pull = false, report } = options;
  const { digest, registry } = parseImageReference(reference);
  if (digest !== undefined) return { base: { kind: "digest", identity: digest } };
  const locked = lock.find(reference);
  // A digest holds wherever it is pulled from; an id is that of one engine, which has to have it still.
  if (lock.locked && locked?.kind === "digest") return { base: locked };
  if (lock.locked && !locked) return { reason: notLocked(lock, reference) };
  const found = await lookAnywhere(options, reference);
  if ("base" in found) {
    if (lock.locked && found.base.identity !== locked?.identity)
      return { reason: changed(lock, reference, locked?.identity ?? "", found.base.identity) };
    lock.record(reference, found.base);
    return found;
  }
  // Without the network the builder may still have what it built on the last time.
  const isDown = kindOf(found.reason, registry).code === "REGISTRY_UNREACHABLE";
  if (pull || !isDown || locked?.kind !== "digest") return found;
  const message = `${registry} cannot be asked what ${reference} is: taken as ${lock.file} has it`;
  report({ type: "warning", message });
  return { base: locked };
}

/** What is built already needs no engine, and neither do its bases. */
async function lookAnywhere(options: ForeignBasesOptions, reference: string): Promise<Resolution> {
  try {
    return await look(options, reference);
  } catch (error) {
    const { lock, signal } = options;
    // A locked base that comes this far is one of the engine's alone.
    if (!(error instanceof PaiError) || error.code !== "ENGINE_UNREACHABLE" || lock.locked || signal.aborted)
      throw error;
    const base = await findWithoutEngine(options, reference);
    if (!base) throw error;
    return { base };
  }
}

async function look(
  { stores, pull = false, signal }: ForeignBasesOptions,
  reference: string,
): Promise<Resolution> {
  // What an engine has is what it would build on: it asks no registry then, and neither do we.
  const local = (await stores.engines.find(reference))?.image;
  // An image that no registry ever gave cannot be newer there.
  if (local && (!pull || local.digests.length === 0)) return { base: baseOf(local, reference) };
  const credentials = await stores.findCredentials(parseImageReference(reference).registry);
  const remote = await stores.engines.ask(async (engine) =>
    // Podman's engine has no such question.
    engine.name.startsWith("podman")
      ? undefined
      : findRemoteDigest(engine, { reference, credentials, signal }),
  );
  if (!remote) return askRegistry(stores, reference, signal);
  return remote.found ? { base: { kind: "digest", identity: remote.digest } } : { reason: remote.reason };
}

function baseOf(local: LocalImage, reference: string): LockedBase {
  const wanted = parseImageReference(reference);
  const digest = local.digests
    .map(parseImageReference)
    .find(
      ({ registry, repository }) => registry === wanted.registry && repository === wanted.repository,
    )?.digest;
  return digest === undefined ? { kind: "id", identity: local.id } : { kind: "digest", identity: digest };
}

function withoutTag(reference: string): string {
  const { tag, digest } = parseImageReference(reference);
  const name = digest === undefined ? reference : reference.slice(0, -digest.length - 1);
  return tag === undefined ? name : name.slice(0, -tag.length - 1);
}

function notLocked(lock: BaseLock, reference: string): PaiError {
  return new PaiError("CONFIG_INVALID", `${lock.file} does not name it, and --locked allows no other`, {
    hint: `build once without --locked to add ${reference}`,
  });
}

function changed(lock: BaseLock, reference: string, locked: string, found: string): PaiError {
  return new PaiError("CONFIG_INVALID", `${lock.file} has ${short(locked)}, the engine has ${short(found)}`, {
    hint: `build once without --locked to accept ${reference} as it is now`,
  });
}

function short(identity: string): string {
  return identity.slice(0, 19);
}

function missing(tree: BuildTree, base: BaseImage, image: TreeImage, cause: unknown): PaiError {
  const text = readFileSync(path.join(tree.root, image.dockerfile), "utf8");
  const location = { file: image.dockerfile, line: base.line, excerpt: excerptOf(text, base.line) };
  // The lock's own complaints say all there is to say.
  if (cause instanceof PaiError && cause.code === "CONFIG_INVALID") {
    const message = `${image.name}: base image ${base.reference}: ${cause.message}`;
    return new PaiError(cause.code, message, { location, hint: cause.hint ?? "" });
  }
  const near = nearMisses(base.reference.replace(/:latest$/, ""), tree.images.keys()).map(
    (name) => `"${name}"`,
  );
  const message = `${image.name}: its base image ${base.reference} is not in the engine and cannot be pulled`;
  if (near.length > 0) {
    const hint = `did you mean ${near.join(" or ")}?`;
    return new PaiError("IMAGE_NOT_FOUND", message, { cause, location, hint });
  }
  const { code, hint } = kindOf(cause, parseImageReference(base.reference).registry);
  return new PaiError(code, message, { cause, location, hint });
}

/** The engine passes on what a registry or the network said as text only. */
function kindOf(cause: unknown, host: string): { readonly code: ErrorCode; readonly hint: string } {
  if (cause instanceof PaiError) return { code: cause.code, hint: cause.hint ?? "" };
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/unauthorized|denied|authentication required|no basic auth/i.test(text)) {
    const hint = `name ${host} with credentials in the configuration, or run: docker login ${host}; pai-build login --check tells which are known`;
    return { code: "REGISTRY_DENIED", hint };
  }
  if (/refused|no such host|timeout|timed out|certificate|TLS|EOF|unreachable|reset/i.test(text)) {
    return {
      code: "REGISTRY_UNREACHABLE",
      hint: `check that ${host} is up and can be reached from the engine`,
    };
  }
  return { code: "IMAGE_NOT_FOUND", hint: "check its name, and docker login for a private one" };
}
