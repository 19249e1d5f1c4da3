// Renders for checks: a template that fails is a result, not an error, and so is a value that comes out empty
// because it is not defined. Reads nothing itself.
import { JinjaError, renderTemplate } from "@pai/jinja";
import type { Cluster, ModelObject, ModelValue } from "@pai/model";
import { recordReads, type RecordedModel } from "./record-reads.ts";

export interface TemplateTry {
  /** Undefined when it cannot be rendered. */
  readonly text?: string;
  readonly failure?: TemplateMistake;
  /** The first value that is not defined and comes out empty. */
  readonly undefinedValue?: TemplateMistake;
}

export interface TemplateMistake {
  readonly kind: "syntax" | "undefined" | "other";
  readonly message: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The setting that was asked for and is not there: `["hbase", "prot"]`. */
  readonly missing: readonly string[] | undefined;
}

export type TryTemplate = (file: string, source: string) => TemplateTry;

/** One for all templates of a check: preparing the model costs more than rendering. */
export function templateTrier({ model }: Cluster): TryTemplate {
  const recorded = recordReads(model);
  return (file, source) => {
    const first = attempt(file, source, "unprintable", recorded, model);
    if (typeof first === "string") return { text: first };
    const second = first.kind === "syntax" ? first : attempt(file, source, "default", recorded, model);
    return typeof second === "string" ? { text: second, undefinedValue: first } : { failure: second };
  };
}

function attempt(
  file: string,
  source: string,
  mode: "default" | "unprintable",
  { view, begin, reads }: RecordedModel,
  model: ModelObject,
): string | TemplateMistake {
  try {
    return renderTemplate({
      name: file,
      source,
      context: { cluster_cfg: view },
      undefined: mode,
      limits: checkLimits,
      onStart: begin,
    });
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    const { type, message, line, column } = error;
    if (syntaxTypes.has(type)) return { kind: "syntax", message, line, column, missing: undefined };
    if (type !== "UndefinedError") {
      return { kind: "other", message: `${type}: ${message}`, line, column, missing: undefined };
    }
    const missed = reads().filter(({ path }) => isMissing(model, path));
    const inLine = missed.filter((read) => read.line === line);
    const named = (inLine.length > 0 ? inLine : missed).findLast(({ path }) =>
      message.includes(`'${path.at(-1)}'`),
    );
    return { kind: "undefined", message, line, column, missing: named?.path };
  }
}

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
