import type { ActionInput, ConfigurationOption } from "./run-action.ts";

export interface ImageOptions extends ConfigurationOption {
  readonly network?: string;
  /** Nx makes a list of what is given several times. */
  readonly buildArg?: string | readonly string[];
  readonly target?: string;
  readonly platform?: string;
  readonly secret?: string | readonly string[];
  readonly builder?: "auto" | "buildkit" | "classic";
  /** False: every step again. */
  readonly cache?: boolean;
  readonly pull?: boolean;
  /** Addresses or Docker contexts. */
  readonly engine?: string | readonly string[];
  readonly lockFile?: string;
  readonly locked?: boolean;
  /** Of a push: release tags, and `HOST/NAMESPACE` to push to, in place of the configuration's. */
  readonly tag?: string | readonly string[];
  readonly registry?: string | readonly string[];
  /** One image of the service, in place of all. */
  readonly image?: string;
  /** False: nothing is built or pushed, as the deployment that comes after wants what the registry has. */
  readonly images?: boolean;
}

export function imageInput(
  { image }: ImageOptions,
  input: ActionInput,
): ActionInput & { readonly images?: readonly string[] } {
  return { ...input, ...(image === undefined ? {} : { images: [image] }) };
}

/** What says how images are built, as the actions take it; the same for a build, a push and a look. */
export function imageSettings(options: ImageOptions) {
  const { network, buildArg, target, platform, secret, engine, lockFile, locked } = options;
  const lists = { buildArgs: listOf(buildArg), secrets: listOf(secret), engines: listOf(engine) };
  return { network, target, platform, lockFile, locked, ...lists };
}

/** Where a push goes and under which tags. */
export function pushSettings({ tag, registry }: ImageOptions) {
  return { tags: listOf(tag), registries: listOf(registry) };
}

function listOf(given: string | readonly string[] | undefined): readonly string[] | undefined {
  return given === undefined ? undefined : [given].flat();
}
