// The local configuration against the pushed one, line by line, without showing a password of either.
import path from "node:path";
import { createMask, mask as masked } from "@pai/core";
import { parseYaml, readCluster, readSecretKeys, secretsIn } from "@pai/model";
import { readConfigurationTexts, type ConfigurationTexts } from "./files.ts";
import { readPushed } from "./store.ts";
import { withCluster, type ClusterSelection } from "../deploy/run.ts";
import { diffLines, type LineChange } from "./line-diff.ts";

export interface FileDifference {
  readonly name: string;
  /** `local`: not pushed; `pushed`: not in the folder. */
  readonly only?: "local" | "pushed";
  /** From the pushed text to the local one. */
  readonly changes: readonly LineChange[];
}

export interface ConfigurationDifference {
  /** False when nothing was pushed at all. */
  readonly pushed: boolean;
  readonly files: readonly FileDifference[];
}

export async function diffConfiguration(
  options: ClusterSelection & { readonly root: string; readonly folder: string },
): Promise<ConfigurationDifference> {
  const { root, folder } = options;
  const cluster = await readCluster({ root, directory: folder });
  const local = await readConfigurationTexts(path.resolve(root, folder));
  return withCluster(options, { apiServerUrl: cluster.apiServerUrl }, async ({ objects }) => {
    const pushed = await readPushed(objects);
    if (!pushed) return { pushed: false, files: [] };
    const keys = [...readSecretKeys(root).values()].flat();
    const secrets = [
      ...cluster.secrets,
      ...[local, pushed.texts].flatMap((texts) =>
        [...texts].flatMap(([name, text]) => secretsOf(name, text, keys)),
      ),
    ];
    return { pushed: true, files: differences(pushed.texts, local, createLineMask(secrets, keys)) };
  });
}

export function differences(
  pushed: ConfigurationTexts,
  local: ConfigurationTexts,
  maskLine: (line: string) => string,
): FileDifference[] {
  return [...new Set([...local.keys(), ...pushed.keys()])].flatMap((name): FileDifference[] => {
    const [before, after] = [pushed.get(name), local.get(name)];
    if (before === after) return [];
    if (before === undefined) return [{ name, only: "local", changes: [] }];
    if (after === undefined) return [{ name, only: "pushed", changes: [] }];
    // Compared as they are, and masked for the eye: a changed password shows as a changed line.
    const changes = diffLines(before.split("\n"), after.split("\n"));
    return [{ name, changes: changes.map((change) => ({ ...change, text: maskLine(change.text) })) }];
  });
}

/** Hides known secrets, and whatever stands behind a key that says it is one. */
export function createLineMask(
  secrets: readonly string[],
  keys: readonly string[],
): (line: string) => string {
  const maskKnown = createMask(secrets.flatMap((secret) => secret.split("\n")));
  const names = [
    "[-\\w]*(?:password|secret|token)",
    ...keys.map((key) => key.replaceAll(/[^-\w]/g, "\\$&")),
  ].join("|");
  const behindKey = new RegExp(
    `((?:${names})["']?\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^\\s,}#{\\[][^,}#]*)`,
    "gi",
  );
  return (line) => maskKnown(line.replaceAll(behindKey, (_, key: string) => `${key}${masked}`));
}

function secretsOf(name: string, text: string, keys: readonly string[]): string[] {
  try {
    return secretsIn(parseYaml(text, name).value, keys);
  } catch {
    // What is no YAML holds no settings; the keys of its lines still count.
    return [];
  }
}
