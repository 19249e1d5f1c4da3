// Objects of API versions that Kubernetes has removed, written as it has them today.
import { isRecord, PaiError } from "@pai/core";
import { findRemovedApi, formatManifestYaml, parseManifestYaml } from "@pai/model";
import { isManifestFile } from "../manifest.ts";
import { hidePlaceholders, showPlaceholders } from "../placeholders.ts";
import { convert } from "./converters.ts";

export interface ApiUpgrade {
  /** `DaemonSet node-exporter`. */
  readonly object: string;
  readonly from: string;
  readonly to: string | undefined;
  /** Why the object had to stay as it is written; absent when it was upgraded. */
  readonly kept?: string;
  /** Of the file, where the object's document begins. */
  readonly line: number;
}

export interface UpgradedText {
  readonly text: string;
  readonly upgrades: readonly ApiUpgrade[];
}

const mayBeOld = /apiVersion["']?\s*:\s*["']?(?:extensions\/|[a-z0-9./]*v[0-9]+(?:alpha|beta)[0-9]+)/;

/**
 * Documents that have nothing old keep their text to the byte, and so do files that are no YAML: what reads them
 * will say so.
 */
export function upgradeManifests(text: string, file: string): UpgradedText {
  if (!isManifestFile(file) || !mayBeOld.test(text)) return { text, upgrades: [] };
  const upgrades: ApiUpgrade[] = [];
  const pieces: string[] = [];
  let end = 0;
  const source = hidePlaceholders(text);
  for (const document of documentsOf(source, file)) {
    const upgraded = upgradeValue(document.value, document.line, upgrades);
    const original = source.slice(document.start, document.end);
    const isSame = upgraded === document.value;
    pieces.push(source.slice(end, document.start), isSame ? original : formatManifestYaml(upgraded));
    end = document.end;
  }
  return { text: showPlaceholders([...pieces, source.slice(end)].join("")), upgrades };
}

function documentsOf(text: string, file: string): ReturnType<typeof parseManifestYaml> {
  try {
    return parseManifestYaml(text, file);
  } catch (error) {
    if (!(error instanceof PaiError)) throw error;
    return [];
  }
}

/** The very same value when there is nothing to change. */
function upgradeValue(value: unknown, line: number, upgrades: ApiUpgrade[]): unknown {
  if (!isRecord(value)) return value;
  const { apiVersion, kind, items } = value;
  if (kind === "List" && Array.isArray(items)) {
    const upgraded = items.map((item: unknown) => upgradeValue(item, line, upgrades));
    return upgraded.every((item, index) => item === items[index]) ? value : { ...value, items: upgraded };
  }
  if (typeof apiVersion !== "string" || typeof kind !== "string") return value;
  const removed = findRemovedApi(apiVersion, kind);
  if (!removed) return value;
  const { metadata } = value;
  const name = isRecord(metadata) ? String(metadata["name"]) : "without a name";
  const note = { object: `${kind} ${name}`, from: apiVersion, to: removed.replacement, line };
  const converted = removed.replacement === undefined ? "nothing took its place" : convert(kind, value);
  if (typeof converted === "string") {
    upgrades.push({ ...note, kept: converted });
    return value;
  }
  upgrades.push(note);
  return { ...converted, apiVersion: removed.replacement };
}
