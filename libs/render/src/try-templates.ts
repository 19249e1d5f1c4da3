// Renders for checks: a template that fails is a result, not an error, and so is a value that comes out empty
// because it is not defined. Reads nothing itself.
import { JinjaError, renderTemplate, type Place } from "@pai/jinja";
import type { Cluster, ModelObject, ModelValue } from "@pai/model";
import { recordReads, type RecordedModel, type SettingRead } from "./record-reads.ts";

export interface TemplateTry {
  /** Undefined when it cannot be rendered. */
  readonly text?: string;
  readonly failure?: TemplateMistake;
  /** Values that are not defined and come out empty, each place once. */
  readonly undefinedValues?: readonly TemplateMistake[];
}

export interface TemplateMistake {
  readonly kind: "syntax" | "undefined" | "other";
  readonly message: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The setting that was asked for and is not there: `["hbase", "prot"]`. */
  readonly missing: readonly string[] | undefined;
}

type Spot = Pick<TemplateMistake, "line" | "column">;

export type TryTemplate = (file: string, source: string) => TemplateTry;

/**
 * One for all templates of a check: preparing the model costs more than rendering. Nothing is said of a template
 * that reads settings whose code failed.
 */
export function templateTrier({ model, unmade = new Set() }: Cluster): TryTemplate {
  const recorded = recordReads(model);
  return (file, source) => {
    const result = attempt(file, source, recorded, model);
    const needsUnmade = unmade.size > 0 && recorded.reads().some(({ path }) => unmade.has(path[0] ?? ""));
    return needsUnmade && result.failure?.kind !== "syntax" ? {} : result;
  };
}

function attempt(
  file: string,
  source: string,
  { view, begin, reads }: RecordedModel,
  model: ModelObject,
): TemplateTry {
  const empty = new Map<string, TemplateMistake>();
  const mistakeAt = (message: string, { line, column }: Spot): TemplateMistake => {
    const missing = missedSetting(reads(), model, { message, line });
    return { kind: "undefined", message, line, column, missing };
  };
  const onEmpty = (message: string, place: Place | undefined): void => {
    const { line, column } = place ?? {};
    const key = JSON.stringify([line, column, message]);
    if (empty.size < maxEmpty && !empty.has(key)) empty.set(key, mistakeAt(message, { line, column }));
  };
  const undefinedValues = (): Pick<TemplateTry, "undefinedValues"> =>
    empty.size > 0 ? { undefinedValues: [...empty.values()] } : {};
  try {
    const context = { cluster_cfg: view };
    const text = renderTemplate({
      name: file,
      source,
      context,
      limits: checkLimits,
      onStart: begin,
      onEmpty,
    });
    return { text, ...undefinedValues() };
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    const { type, message, line, column } = error;
    if (type === "UndefinedError")
      return { failure: mistakeAt(message, { line, column }), ...undefinedValues() };
    const isSyntax = syntaxTypes.has(type);
    const kind = isSyntax ? "syntax" : "other";
    const says = isSyntax ? message : `${type}: ${message}`;
    return { failure: { kind, message: says, line, column, missing: undefined }, ...undefinedValues() };
  }
}

/** The setting that a message about an undefined value is about. */
function missedSetting(
  reads: readonly SettingRead[],
  model: ModelObject,
  { message, line }: { readonly message: string; readonly line: number | undefined },
): readonly string[] | undefined {
  const missed = reads.filter(({ path }) => isMissing(model, path));
  const inLine = missed.filter((read) => read.line === line);
  const named = (inLine.length > 0 ? inLine : missed).findLast(({ path }) =>
    message.includes(`'${path.at(-1)}'`),
  );
  return named?.path;
}

/** More would tell nobody more. */
const maxEmpty = 100;
const syntaxTypes = new Set(["TemplateSyntaxError", "TemplateAssertionError", "TemplateNotFound"]);

/** A check must not take the machine with it, whatever stands in a template. */
const checkLimits = { timeMs: 2000, outputLength: 4_000_000 };

/** Whether the last key is not there, in a map that is. */
function isMissing(model: ModelObject, path: readonly string[]): boolean {
  let value: ModelValue | undefined = model;
  for (const [index, key] of path.entries()) {
    if (Array.isArray(value)) value = (value as readonly ModelValue[])[Number(key)];
    else if (!(value instanceof Map)) return false;
    else if (!(value as ModelObject).has(key)) return index === path.length - 1;
    else value = (value as ModelObject).get(key);
  }
  return false;
}
