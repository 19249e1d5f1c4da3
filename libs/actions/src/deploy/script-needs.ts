// Which files of its folder a script uses, as far as its text and those of the scripts that it calls tell.
import path from "node:path";
import { joinErrors, type PaiError } from "@pai/core";
import type { ScriptName } from "@pai/model";
import type { PlannedService } from "./plan-service.ts";

/** Names of the folder's files, templates that could not be rendered among them. */
export function scriptNeeds(planned: PlannedService, script: ScriptName): ReadonlySet<string> {
  const { service, files, unrendered = new Map<string, PaiError>() } = planned;
  const first = service.deploy?.scripts[script]?.name;
  const texts = new Map(files.map(({ name, content }) => [name, content]));
  const names = [...texts.keys(), ...unrendered.keys()].filter((name) => !name.endsWith(".template"));
  const needed = new Set<string>();
  const take = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    if (name !== first && !name.endsWith(".sh")) return;
    const text = texts.get(name)?.toString() ?? "";
    const takesAll = /\s(?:-f|-k|--filename|--from-file)[ =]["']?\.\/?["']?(?:\s|$)/m.test(text);
    for (const other of names) if (takesAll || isNamed(other, text)) take(other);
  };
  if (first !== undefined) take(path.posix.normalize(first));
  return needed;
}

/** By its name, or by that of a folder that it lies in. */
function isNamed(file: string, text: string): boolean {
  const folders = path.posix.dirname(file).split("/");
  return (
    text.includes(path.posix.basename(file)) || folders.some((each) => each !== "." && text.includes(each))
  );
}

/** The files that the script, or one that it calls, may apply or create. */
export function appliedByScript(planned: PlannedService, script: ScriptName): ReadonlySet<string> {
  const needed = scriptNeeds(planned, script);
  const applies = planned.files.some(
    ({ name, content }) => needed.has(name) && /\b(?:apply|create|replace)\b/.test(content.toString()),
  );
  return applies ? needed : new Set();
}

/** Throws why a file that the script uses could not be rendered; returns what is missing without harm. */
export function refuseUnrendered(
  planned: PlannedService,
  script: ScriptName,
): readonly { readonly name: string; readonly error: PaiError }[] {
  const { unrendered } = planned;
  if (!unrendered) return [];
  const needed = scriptNeeds(planned, script);
  const missing = [...unrendered].map(([name, error]) => ({ name, error }));
  const errors = missing.filter(({ name }) => needed.has(name)).map(({ error }) => error);
  if (errors.length > 0) throw joinErrors(errors);
  return missing;
}
