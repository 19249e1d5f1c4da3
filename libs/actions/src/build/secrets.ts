// Values for `RUN --mount=type=secret`. They go to the engine over BuildKit's session and nowhere else.
import { readFileSync } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import type { TreeImage } from "./tree.ts";

export interface SecretSource {
  readonly id: string;
  /** A file, relative to where the command runs. */
  readonly src?: string;
  /** A variable of the environment. */
  readonly env?: string;
}

/** `id=NAME,src=FILE`, `id=NAME,env=VARIABLE`, or `id=NAME` for the variable of that name. Throws USAGE. */
export function parseSecretOptions(texts: readonly string[] = []): SecretSource[] {
  return texts.map((text) => {
    const fields = new Map(
      text.split(",").map((field) => {
        const [key = "", ...value] = field.split("=");
        return [key.trim(), value.join("=")];
      }),
    );
    const { id, src = fields.get("source"), env } = Object.fromEntries(fields);
    const others = [...fields.keys()].filter((key) => !["id", "src", "source", "env"].includes(key));
    if (!id || others.length > 0 || (src !== undefined && env !== undefined)) {
      // The text may hold the secret itself: it is not repeated.
      throw new PaiError(
        "USAGE",
        "--secret takes id=NAME,src=FILE or id=NAME,env=VARIABLE, never the secret itself",
      );
    }
    return { id, ...(src === undefined ? {} : { src }), ...(env === undefined ? {} : { env }) };
  });
}

export interface Secrets {
  /** Undefined for a secret that nobody gave. */
  readonly find: (id: string) => Buffer | undefined;
  /** What must not be shown: every value, and its longer lines. */
  readonly hidden: readonly string[];
}

/** The values of the options, and of the ids that images need from variables of those names. */
export function readSecrets(texts: readonly string[] | undefined, ids: Iterable<string>): Secrets {
  const sources = new Map(parseSecretOptions(texts).map((source) => [source.id, source]));
  const values = new Map(
    [...new Set([...sources.keys(), ...ids])].flatMap((id) => {
      const source = sources.get(id);
      const value = source ? read(source) : fromEnvironment(id);
      return value === undefined ? [] : [[id, value] as const];
    }),
  );
  const shown = [...values.values()].map((value) => value.toString());
  return {
    find: (id) => values.get(id),
    hidden: shown.flatMap((text) => [text.trim(), ...text.split(/\r?\n/).filter((line) => line.length >= 8)]),
  };
}

/** Throws USAGE for a secret that the image needs and nobody gave. */
export function requireSecrets({ name, dockerfile, names, build }: TreeImage, { find }: Secrets): void {
  for (const id of build?.secrets ?? []) {
    if (find(id) !== undefined) continue;
    const line = names.secrets.find((mount) => mount.id === id)?.line;
    throw new PaiError("USAGE", `${name} needs the secret "${id}", which nobody gave`, {
      location: { file: dockerfile, ...(line === undefined ? {} : { line }) },
      hint: `give --secret id=${id},src=FILE or --secret id=${id},env=VARIABLE, or set ${variableOf(id)}`,
    });
  }
}

function read({ id, src, env }: SecretSource): Buffer {
  const variable = env ?? id;
  if (src === undefined) {
    const value = process.env[variable] ?? (env === undefined ? process.env[variableOf(id)] : undefined);
    if (value !== undefined) return Buffer.from(value);
    throw new PaiError("USAGE", `--secret id=${id}: the environment has no ${variable}`);
  }
  try {
    return readFileSync(path.resolve(src));
  } catch (cause) {
    throw new PaiError("USAGE", `--secret id=${id}: read ${src}`, { cause });
  }
}

function fromEnvironment(id: string): Buffer | undefined {
  const value = process.env[id] ?? process.env[variableOf(id)];
  return value === undefined ? undefined : Buffer.from(value);
}

/** `NPM_LOGIN` for `npm-login` */
function variableOf(id: string): string {
  return id.toUpperCase().replaceAll(/\W/g, "_");
}
