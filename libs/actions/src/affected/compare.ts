// Two snapshots of a tree, service by service: what differs, and because of which input.
import { isModelObject, type ModelValue } from "@pai/model";
import type { SettingRead } from "@pai/render";
import { readFileSync } from "node:fs";
import path from "node:path";
import { imageFiles, type ServiceSnapshot, type TreeSnapshot } from "./snapshot.ts";
import { valueAt } from "../config/origin.ts";

export interface AffectedService {
  readonly service: string;
  readonly change: "added" | "removed" | "changed";
  /** It is there at the head, and not only to build images: `service plan` and `service start` take its name. */
  readonly deployable: boolean;
  readonly reasons: readonly Reason[];
}

export interface Reason {
  /** `unknown`: the service could not be rendered or read, so nothing can be ruled out. */
  readonly kind: "rendered" | "script" | "file" | "settings" | "label" | "image" | "unknown";
  /** The file, label or image that differs. */
  readonly what: string;
  /** The template, settings or sources that it differs because of, as far as they are known. */
  readonly because: readonly string[];
}

/** In alphabetical order. */
export function compareSnapshots(base: TreeSnapshot, head: TreeSnapshot): AffectedService[] {
  const names = [...new Set([...base.services.keys(), ...head.services.keys()])].toSorted();
  return names.flatMap((service): AffectedService[] => {
    const [before, after] = [base.services.get(service), head.services.get(service)];
    if (!after) return [{ service, change: "removed", deployable: false, reasons: [] }];
    const deployable = after.isDeployable;
    if (!before) return [{ service, change: "added", deployable, reasons: [] }];
    const reasons = reasonsOf({ before, after, base, head, service });
    return reasons.length === 0 ? [] : [{ service, change: "changed", deployable, reasons }];
  });
}

interface Pair {
  readonly service: string;
  readonly before: ServiceSnapshot;
  readonly after: ServiceSnapshot;
  readonly base: TreeSnapshot;
  readonly head: TreeSnapshot;
}

function reasonsOf(pair: Pair): Reason[] {
  const { before, after } = pair;
  const problems = [before.problem, after.problem].filter((problem) => problem !== undefined);
  if (problems.length > 0) return [{ kind: "unknown", what: problems.at(-1) ?? "", because: [] }];
  return [
    ...renderedReasons(pair),
    ...differing(before.files, after.files).map((name): Reason => {
      return { kind: name.endsWith(".sh") ? "script" : "file", what: sourceOf(pair, name), because: [] };
    }),
    ...(before.settings === after.settings
      ? []
      : [{ kind: "settings" as const, what: sourceOf(pair, "service.yaml"), because: [] }]),
    ...differing(before.labels, after.labels).map((label): Reason => ({
      kind: "label",
      what: label,
      because: [`${before.labels.get(label) || "no node"} -> ${after.labels.get(label) || "no node"}`],
    })),
    ...imageReasons(pair),
  ];
}

function renderedReasons(pair: Pair): Reason[] {
  const { before, after, base, head } = pair;
  const texts = ({ rendered }: ServiceSnapshot): ReadonlyMap<string, string> =>
    new Map([...rendered].map(([name, { text }]) => [name, text]));
  return differing(texts(before), texts(after)).map((name) => {
    const [old, now] = [before.rendered.get(name), after.rendered.get(name)];
    const template = (now ?? old)?.template ?? name;
    const sources = [base.root, head.root].map((root) => readIfThere(path.join(root, template)));
    const reads = [...(old?.reads ?? []), ...(now?.reads ?? [])];
    return {
      kind: "rendered" as const,
      what: name,
      because: [...(sources[0] === sources[1] ? [] : [template]), ...changedSettings(reads, base, head)],
    };
  });
}

function changedSettings(reads: readonly SettingRead[], base: TreeSnapshot, head: TreeSnapshot): string[] {
  const changed = reads.filter(({ path: setting, extent }) => {
    const [before, after] = [base, head].map(({ model }) => comparable(valueAt(model, setting), extent));
    return before !== after;
  });
  return [
    ...new Set(
      changed.map(({ path: setting, extent }) => setting.join(".") + (extent === "whole" ? ".*" : "")),
    ),
  ];
}

/** Of a map that was walked through, its keys; their values were read one by one. */
function comparable(value: ModelValue | undefined, extent: SettingRead["extent"]): string {
  if (isModelObject(value) && extent === "whole") return JSON.stringify([...value.keys()]);
  return JSON.stringify(value, (_, item: unknown) => {
    if (item instanceof Map) return [...item];
    return typeof item === "bigint" ? String(item) : item;
  });
}

function imageReasons({ before, after, base, head }: Pair): Reason[] {
  const names = [...new Set([...before.images, ...after.images])];
  return names.flatMap((name): Reason[] => {
    const broken = head.brokenImages.get(name) ?? base.brokenImages.get(name);
    if (broken !== undefined) return [{ kind: "unknown", what: `image ${broken}`, because: [] }];
    if (base.images.get(name)?.tag === head.images.get(name)?.tag) return [];
    return [{ kind: "image", what: name, because: changedSources(name, base, head) }];
  });
}

/** The files that differ, in the image itself and in those it starts from. */
function changedSources(
  name: string,
  base: TreeSnapshot,
  head: TreeSnapshot,
  seen = new Set<string>(),
): string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  const [old, now] = [base.images.get(name), head.images.get(name)];
  if (!old || !now) return [`the image is ${old ? "gone" : "new"}`];
  const own = differing(imageFiles(base.root, old), imageFiles(head.root, now));
  const bases = [...old.ownBases, ...now.ownBases].map(({ image }) => image);
  const inherited = bases.filter((image) => base.images.get(image)?.tag !== head.images.get(image)?.tag);
  return [...new Set([...own, ...inherited.flatMap((image) => changedSources(image, base, head, seen))])];
}

function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );
}

function sourceOf({ service }: Pair, name: string): string {
  return `src/${service}/deploy/${name}`;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
