import { Raised, raise } from "../errors.ts";
import { type CompiledTemplate, ownBlocks } from "../compiler/template.ts";
import { truthy } from "../values/compare.ts";
import { hashKey } from "../values/dict.ts";
import { iterate } from "../values/iterate.ts";
import { reprString, str } from "../values/repr.ts";
import {
  failUndefined,
  isString,
  PyObject,
  PyUndefined,
  rawString,
  undefinedMessage,
} from "../values/types.ts";
import { Context, type Layer } from "./context.ts";
import type { Runtime } from "./runtime.ts";

/** What `import` gives: the exported names, and the text when it is printed. */
export class TemplateModule extends PyObject {
  readonly typeName = "TemplateModule";
  readonly #exports: ReadonlyMap<string, unknown>;
  readonly #name: string;
  readonly body: string;

  constructor(name: string, exported: ReadonlyMap<string, unknown>, body: string) {
    super();
    this.#name = name;
    this.#exports = exported;
    this.body = body;
  }

  override attribute(name: string): unknown {
    return this.#exports.get(name);
  }

  override truthy(): boolean {
    return true;
  }

  override text(): string {
    return this.body;
  }

  override repr(): string {
    return `<TemplateModule ${reprString(this.#name)}>`;
  }
}

export function contextFor(template: CompiledTemplate, runtime: Runtime, layers: readonly Layer[]): Context {
  return new Context(runtime, layers, { blocks: ownBlocks(template) });
}

export function makeModule(
  template: CompiledTemplate,
  runtime: Runtime,
  layers: readonly Layer[],
): TemplateModule {
  const context = contextFor(template, runtime, layers);
  const body = runtime.capture(() => template.root(context));
  const exported = new Map<string, unknown>();
  for (const name of context.exported) exported.set(name, context.vars.get(name));
  return new TemplateModule(template.name, exported, body);
}

/** The module of a template that sees only globals: made once in a render. */
export function defaultModule(template: CompiledTemplate, runtime: Runtime): TemplateModule {
  const made = runtime.modules.get(template);
  if (made instanceof TemplateModule) return made;
  const module = makeModule(template, runtime, [runtime.host.globals]);
  runtime.modules.set(template, module);
  return module;
}

export function getTemplate(name: unknown, runtime: Runtime): CompiledTemplate {
  if (name instanceof PyUndefined) return failUndefined(name);
  // Jinja2 looks the name up in a dict first, which refuses a list.
  hashKey(name);
  const found = isString(name) ? runtime.host.load(rawString(name)) : undefined;
  return found ?? raise("TemplateNotFound", str(name));
}

/** The first of several templates that exists. */
export function selectTemplate(names: unknown, runtime: Runtime): CompiledTemplate {
  if (names instanceof PyUndefined) return failUndefined(names);
  if (!truthy(names)) return raise("TemplatesNotFound", "Tried to select from an empty list of templates.");
  const tried: string[] = [];
  for (const name of iterate(names)) {
    if (name instanceof PyUndefined) {
      tried.push(undefinedMessage(name));
      continue;
    }
    try {
      return getTemplate(name, runtime);
    } catch (error) {
      if (!isMissing(error)) throw error;
      tried.push(str(name));
    }
  }
  return raise("TemplatesNotFound", `none of the templates given were found: ${tried.join(", ")}`);
}

/** Whether the error says that a template does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Raised && (error.type === "TemplateNotFound" || error.type === "TemplatesNotFound");
}
