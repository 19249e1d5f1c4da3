// Checks a service's settings by the schema that its config/*.ts gives, and finds the lines to blame.
import path from "node:path";
import type { ModelObject, ModelValue } from "../cluster.ts";
import { shownName } from "../configuration-files.ts";
import { readText } from "../files.ts";
import type { Schema } from "../schema/schema.ts";
import { validate } from "../schema/validate.ts";
import type { YamlPath } from "../yaml-positions.ts";
import { isModelList, isModelObject, parseYaml } from "../yaml.ts";
import type { CodeFailure } from "./code-failure.ts";

export interface SettingsCheck {
  readonly root: string;
  /** The configuration folder; a relative path starts at the root. */
  readonly directory: string;
  readonly service: string;
  /** The module, which is to blame where no file has the setting. */
  readonly file: string;
  readonly settings: ModelObject;
  readonly schema: Schema;
}

export function checkSettings(check: SettingsCheck): CodeFailure[] {
  const { service, settings, schema } = check;
  return validate(settings, schema, [service]).map(({ path: at, message }) => ({
    service,
    phase: "validation_pre",
    message,
    ...placeOf(check, at),
  }));
}

/** What this cluster sets wins over the defaults, so it is looked at first. */
function placeOf(check: SettingsCheck, at: YamlPath): Place {
  const { root, service, file } = check;
  const [, ...below] = at;
  const candidates: readonly (readonly [string, YamlPath])[] = [
    [shownName(check, "services-configuration.yaml"), at],
    ...[service, service.replaceAll("-", "_")].map(
      (stem) => [`src/${service}/config/${stem}.yaml`, below] as const,
    ),
  ];
  for (const [candidate, inside] of candidates) {
    const text = readText(path.resolve(root, candidate), candidate);
    const document = text === undefined ? undefined : parseYaml(text, candidate);
    if (!document || !isThere(document.value, inside)) continue;
    const { line } = document.locate(inside);
    return { file: candidate, ...(line === undefined ? {} : { line }) };
  }
  return { file };
}

type Place = Pick<CodeFailure, "file" | "line">;

function isThere(value: ModelValue, at: YamlPath): boolean {
  const [step, ...rest] = at;
  if (step === undefined) return value !== null;
  const below = isModelList(value)
    ? value[Number(step)]
    : isModelObject(value)
      ? value.get(String(step))
      : undefined;
  return below !== undefined && (rest.length === 0 || isThere(below, rest));
}
