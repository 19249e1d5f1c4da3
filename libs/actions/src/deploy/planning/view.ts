// Changes as people read them: values as texts, long texts line by line, secrets not at all.
import {
  isOnlyConfiguration,
  readinessOf,
  restartsPods,
  type FieldChange,
  type PlannedObject,
} from "@pai/kubernetes";
import { diffLines } from "../../config/line-diff.ts";
import type { FieldView, ObjectChange } from "./types.ts";

export function viewObject(planned: PlannedObject, mask: (text: string) => string): ObjectChange {
  const { ref, change, fields, note, live } = planned;
  const restarts = restartsOf(planned);
  return {
    ref,
    change,
    fields: live ? fields.map((field) => viewField(field, mask)) : [],
    ...(restarts ? { restarts } : {}),
    ...(note === undefined ? {} : { note: mask(note) }),
  };
}

function restartsOf({ change, fields, live }: PlannedObject): ObjectChange["restarts"] {
  if (!live) return undefined;
  const pods = readinessOf(live).pods?.wanted ?? 0;
  if (change === "recreate") return pods > 0 ? { pods, because: "it is made anew" } : undefined;
  if (change !== "change" || !restartsPods(live, fields)) return undefined;
  return { pods, because: isOnlyConfiguration(fields) ? "its configuration changes" : "its pods change" };
}

function viewField(
  { path, before, after, isSecret }: FieldChange,
  mask: (text: string) => string,
): FieldView {
  if (isSecret) return { path, kind: "secret" };
  const [old, now] = [textOf(before, mask), textOf(after, mask)];
  if (isLong(old) || isLong(now)) return { path, kind: "text", lines: diffLines(linesOf(old), linesOf(now)) };
  return {
    path,
    kind: "value",
    ...(old === undefined ? {} : { before: old }),
    ...(now === undefined ? {} : { after: now }),
  };
}

function textOf(value: unknown, mask: (text: string) => string): string | undefined {
  if (value === undefined) return undefined;
  return mask(typeof value === "string" ? value : JSON.stringify(value));
}

function isLong(text: string | undefined): boolean {
  return text?.trimEnd().includes("\n") ?? false;
}

function linesOf(text: string | undefined): string[] {
  return text === undefined ? [] : text.replace(/\n$/, "").split("\n");
}
