// Brings one image to every target and sets its release tags there. The layers leave the engine at most once:
// registries after the first get them from it.
import { PaiError, type Report } from "@pai/core";
import { pushImage } from "@pai/docker";
import { copyImage } from "@pai/registry";
import type { FoundImage } from "./engines.ts";
import type { ImageIdentity } from "./identity.ts";
import { sameForHost, type ClosedHosts, type Seen } from "./push-look.ts";
import type { PushTarget } from "./push-targets.ts";
import { progressOf } from "./push-progress.ts";
import type { ImageResult } from "./report.ts";
import type { RegistryStore, Stores } from "./stores.ts";
import { findBuilt } from "./where.ts";

export interface PushOneOptions {
  readonly identity: ImageIdentity;
  readonly stores: Stores;
  /** Each target, and what it has. */
  readonly seen: readonly Seen[];
  readonly closed: ClosedHosts;
  /** The engine's image takes the place of the registry's of the same content. */
  readonly replace: boolean;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Called once every registry has the image. */
  readonly onArrived: (digest: string) => void;
  /** The error of an image that is in no registry and not in the engine. */
  readonly notBuilt: () => PaiError;
}

interface Arrived {
  readonly target: PushTarget;
  readonly digest: string;
  readonly how: "pushed" | "copied" | "there";
}

export async function pushOne(options: PushOneOptions): Promise<ImageResult> {
  const arrived = await bring(options);
  const [first] = arrived;
  if (first) options.onArrived(first.digest);
  const moved = new Set<string>();
  for (const { target, digest } of arrived) {
    const tags = options.seen.find((each) => each.target === target)?.tags ?? [];
    for (const [tag, named] of tags) {
      if (named === digest) continue;
      await setTag(target, digest, { image: options.identity.image.name, tag });
      moved.add(tag);
    }
  }
  return resultOf(arrived, [...moved]);
}

async function bring(options: PushOneOptions): Promise<Arrived[]> {
  const { identity, stores, seen } = options;
  const { image } = identity;
  const arrived: Arrived[] = [];
  const lacking: PushTarget[] = [];
  for (const { target, digest } of seen) {
    if (digest === undefined || options.replace) lacking.push(target);
    else arrived.push({ target, digest, how: "there" });
  }
  if (lacking.length === 0) return arrived;
  options.report({ type: "started", action: "push", service: image.service.name, image: image.name });
  let source: RegistryStore | undefined = arrived[0]?.target;
  const { full } = stores.names(image.name);
  if (!source && !seen.some(({ target }) => target.names(image.name).full === full))
    source = await primarySource(options);
  for (const target of lacking) {
    const digest = source ? await copy(source, target, options) : await send(target, options);
    arrived.push({ target, digest, how: source ? "copied" : "pushed" });
    source ??= target;
  }
  return arrived;
}

/** The configuration's registry when it has the image. When it does not answer, the engine may still have it. */
async function primarySource({
  identity,
  stores,
  signal,
}: PushOneOptions): Promise<RegistryStore | undefined> {
  try {
    const digest = await stores.findDigest(identity.image.name, identity.tag);
    return digest === undefined ? undefined : stores;
  } catch (error) {
    if (!(error instanceof PaiError) || signal.aborted) throw error;
    return undefined;
  }
}

function copy(
  source: RegistryStore,
  target: PushTarget,
  { identity, ...options }: PushOneOptions,
): Promise<string> {
  const { image, tag } = identity;
  const say = progressOf(options.report, identity, `copying to ${target.registry.host}`);
  return copyImage({
    from: { registry: source.registry, image: { repository: source.names(image.name).repository, tag } },
    to: { registry: target.registry, image: { repository: target.names(image.name).repository, tag } },
    onProgress: say,
  });
}

async function send(target: PushTarget, options: PushOneOptions): Promise<string> {
  const { identity, stores } = options;
  const { image, tag } = identity;
  const built = await findBuilt(stores, identity);
  if (!built) throw options.notBuilt();
  // The engine would try a refusal again for most of a minute, and tell it without its reason.
  await target.registry.tryPush(target.names(image.name).repository).catch((error: unknown) => {
    throw sameForHost(options.closed, target.registry.host, error);
  });
  const digest = await sendWithRetry(built, target, options);
  const arrived = await target.findDigest(image.name, tag);
  if (arrived === digest) return digest;
  throw new PaiError(
    "PUSH_FAILED",
    `push ${image.name}: ${target.registry.host} has another digest than was sent`,
    {
      details: [`sent ${digest}`, `found ${arrived ?? "none"}`],
      hint: "push again when nobody else writes to this repository",
    },
  );
}

/** Once more when the engine failed and the registry answers: a refusal or a dead registry is final. */
async function sendWithRetry(
  { engine, image: built }: FoundImage,
  target: PushTarget,
  options: PushOneOptions,
): Promise<string> {
  const { identity, stores, signal } = options;
  const { host } = target.registry;
  const request = {
    image: built,
    repository: target.names(identity.image.name).full,
    tag: identity.tag,
    credentials: await stores.findCredentials(host),
    onProgress: progressOf(options.report, identity, "pushing"),
    signal,
  };
  try {
    return await pushImage(engine, request);
  } catch (error) {
    if (!(error instanceof PaiError) || error.code !== "PUSH_FAILED" || signal.aborted) throw error;
    const answers = await target.findDigest(identity.image.name, identity.tag).then(
      () => true,
      () => false,
    );
    if (!answers)
      throw new PaiError("REGISTRY_UNREACHABLE", `${error.message}: registry ${host} has stopped answering`, {
        cause: error.cause,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
      });
    return pushImage(engine, request);
  }
}

async function setTag(
  { registry, names }: PushTarget,
  digest: string,
  { image, tag }: { readonly image: string; readonly tag: string },
): Promise<void> {
  const { repository } = names(image);
  await copyImage({
    from: { registry, image: { repository, tag: digest } },
    to: { registry, image: { repository, tag } },
  });
}

function resultOf(arrived: readonly Arrived[], moved: readonly string[]): ImageResult {
  const { digest } = arrived[0] ?? { digest: "" };
  const short = digest.slice(0, 19);
  const came = arrived.filter(({ how }) => how !== "there");
  const where = arrived.length > 1 ? ` to ${came.map(({ target }) => target.name).join(", ")}` : "";
  const pushed = came.some(({ how }) => how === "pushed");
  if (came.length > 0) {
    const verb = pushed ? "pushed" : "copied";
    return { kind: verb, outcome: "changed", digest, detail: `${verb} ${short}${where}` };
  }
  if (moved.length > 0) {
    const names = `tag${moved.length > 1 ? "s" : ""} ${moved.join(", ")}`;
    return { kind: "tagged", outcome: "changed", digest, detail: `${names} moved to ${short}` };
  }
  return { kind: "unchanged", outcome: "unchanged", digest, detail: "in the registry" };
}
