import { parseDuration } from "@pai/core";
import { describe } from "./describe.ts";
import { report, type Section } from "./section.ts";
import type { FailFast } from "./service.ts";
import { isModelObject } from "./yaml.ts";

const key = "fail-fast";
const hint = "write  fail-fast: off  or  fail-fast: {pods: 1, after: 2m}";

/** `fail-fast` of service.yaml; undefined when it is absent. */
export function parseFailFast(top: Section): FailFast | undefined {
  const value = top.value.get(key) ?? null;
  if (value === null) return undefined;
  // YAML 1.1, which OpenPAI read these files with, has off as a way to write false.
  if (value === "off" || value === false) return { mode: "off" };
  if (!isModelObject(value)) {
    report(top, [key], `must be off or a map with pods and after, not ${describe(value)}`, hint);
    return undefined;
  }
  const section: Section = { ...top, path: [key], value };
  for (const each of value.keys())
    if (each !== "pods" && each !== "after") report(section, [each], "is no key of fail-fast", hint);
  return { mode: "on", pods: parsePods(section), afterMs: parseAfter(section) };
}

function parsePods(section: Section): number {
  const value = section.value.get("pods") ?? null;
  if (value === null) return 0;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  report(section, ["pods"], `must be a whole number from 0 on, not ${describe(value)}`);
  return 0;
}

function parseAfter(section: Section): number {
  const value = section.value.get("after") ?? null;
  if (value === null) return 0;
  const ms =
    typeof value === "string" || typeof value === "number" ? parseDuration(String(value)) : undefined;
  if (ms === undefined)
    report(section, ["after"], `must be a time such as 90s or 2m, not ${describe(value)}`);
  return ms ?? 0;
}
