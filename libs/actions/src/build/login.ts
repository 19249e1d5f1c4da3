// Which registries a tree uses, who gives the credentials for them, and whether the registries take them.
import { PaiError, parseImageReference, type Report } from "@pai/core";
import type { RegistryPlace } from "@pai/model";
import { ownImageOf } from "@pai/plan";
import { openRegistries, type Registries } from "@pai/registry";
import { readTree } from "./look.ts";
import type { BuildTree } from "./tree.ts";

export interface RegistryLogin {
  readonly registry: string;
  readonly usedFor: readonly ("images" | "FROM")[];
  /** Who gives the credentials, such as a file's name; absent when nobody does. */
  readonly source?: string;
  readonly pull: LoginState;
  /** Absent for a registry that is only pulled from. */
  readonly push?: LoginState;
  /** Why not, where something is not accepted. */
  readonly reasons: readonly string[];
}

type LoginState = "accepted" | "refused" | "unreachable";

export interface CheckLoginsOptions {
  readonly root: string;
  readonly configuration: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

interface Use {
  readonly host: string;
  readonly usedFor: "images" | "FROM";
  readonly repository: string;
  readonly tag: string;
}

/** Asks every registry of the configuration and of foreign FROM lines; writes nothing that stays. */
export async function checkLogins(options: CheckLoginsOptions): Promise<RegistryLogin[]> {
  const tree = await readTree(options);
  const { registry } = tree.cluster;
  const places = [registry, ...registry.mirrors];
  const registries = openRegistries(places, options);
  const uses = [...places.map((place) => placeUse(tree, place, registry.tag)), ...baseUses(tree)];
  const hosts = Map.groupBy(uses, ({ host }) => registries.connect(host).host);
  return Promise.all([...hosts].map(([host, ofHost]) => checkHost(registries, host, ofHost, options.signal)));
}

async function checkHost(
  registries: Registries,
  host: string,
  uses: readonly Use[],
  signal: AbortSignal,
): Promise<RegistryLogin> {
  const about = { registry: host, usedFor: [...new Set(uses.map(({ usedFor }) => usedFor))] };
  const reasons: string[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<LoginState> => {
    try {
      await work();
      return "accepted";
    } catch (error) {
      if (!(error instanceof PaiError) || signal.aborted) throw error;
      const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
      reasons.push(`${error.message}${cause}`);
      return error.code === "REGISTRY_DENIED" ? "refused" : "unreachable";
    }
  };
  let source: string | undefined;
  const known = await attempt(async () => (source = (await registries.findLogin(host))?.source));
  if (known !== "accepted") return { ...about, pull: "refused", reasons };
  const registry = registries.connect(host);
  const pull = worst(await eachInTurn(uses, (use) => attempt(() => registry.findDigest(use))));
  const pushed = uses.filter(({ usedFor }) => usedFor === "images");
  // A registry that does not answer would not answer the second question either.
  const push =
    pull === "unreachable"
      ? pull
      : worst(await eachInTurn(pushed, (use) => attempt(() => registry.tryPush(use.repository))));
  return {
    ...about,
    ...(source === undefined ? {} : { source }),
    pull,
    ...(pushed.length > 0 ? { push } : {}),
    reasons,
  };
}

function placeUse(tree: BuildTree, { domain, prefix }: RegistryPlace, tag: string): Use {
  const image = tree.selected[0] ?? "image";
  const { repository } = parseImageReference(`${prefix}${image}`);
  return { host: domain, usedFor: "images", repository, tag };
}

/** One image of each foreign registry, as rights go by repository and most are given for all of them. */
function baseUses(tree: BuildTree): Use[] {
  const owners = new Map([...tree.images.values()].map(({ name, service }) => [name, service.name]));
  const references = tree.selected
    .flatMap((name) => tree.imageOf(name).bases)
    .filter(({ reference }) => ownImageOf(reference, owners) === undefined)
    .map(({ reference }) => parseImageReference(reference));
  const byHost = new Map(references.toReversed().map((reference) => [reference.registry, reference]));
  return [...byHost.values()].map(({ registry: host, repository, tag = "latest", digest }) => ({
    host,
    usedFor: "FROM",
    repository,
    tag: digest ?? tag,
  }));
}

async function eachInTurn(
  uses: readonly Use[],
  work: (use: Use) => Promise<LoginState>,
): Promise<LoginState[]> {
  const states: LoginState[] = [];
  for (const use of uses) states.push(await work(use));
  return states;
}

function worst(states: readonly LoginState[]): LoginState {
  return (["unreachable", "refused"] as const).find((state) => states.includes(state)) ?? "accepted";
}
