// The files of a configuration folder that belong together and go to the cluster together.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { configurationFileNames } from "@pai/model";

export type ConfigurationTexts = ReadonlyMap<string, string>;

/** The known files that are there; anything else in the folder is nobody's configuration. */
export async function readConfigurationTexts(folder: string): Promise<ConfigurationTexts> {
  const texts = new Map<string, string>();
  for (const name of configurationFileNames) {
    const text = await readTextIfThere(path.join(folder, name));
    if (text !== undefined) texts.set(name, text);
  }
  return texts;
}

/** Readable by the owner alone, as passwords stand in them. */
export async function writeConfigurationTexts(folder: string, texts: ConfigurationTexts): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of texts) await writeFile(path.join(folder, safeName(name)), text, { mode: 0o600 });
}

/** Names of those that one side lacks or has another text for. */
export function differingNames(a: ConfigurationTexts, b: ConfigurationTexts): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

async function readTextIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new PaiError("CONFIG_INVALID", `${file} cannot be read`, { cause });
  }
}

/** Keys of a ConfigMap cannot hold a slash, but they can be `..`. */
function safeName(name: string): string {
  if (/^[-\w.]+$/.test(name) && !/^\.+$/.test(name)) return name;
  throw new PaiError("CONFIG_INVALID", `the cluster's configuration has a file of the name "${name}"`);
}
