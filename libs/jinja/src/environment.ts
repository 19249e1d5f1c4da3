// nunjucks is the host: its Environment holds the filters, tests and globals, its loaders find templates, and its
// Template runs them in the form it has for compiled code. What is compiled and how it runs is this package's.
import nunjucks from "nunjucks";
import { raise } from "./errors.ts";
import { compileTemplate } from "./compiler/compile.ts";
import type { CompiledTemplate } from "./compiler/template.ts";
import { builtinFilters } from "./filters/builtin.ts";
import { defineFilter, type Filter } from "./filters/filter.ts";
import { builtinGlobals } from "./globals.ts";
import { fromHost } from "./host-value.ts";
import type { Loader } from "./loader.ts";
import { type LexerOptions, Source } from "./parser/source.ts";
import { StatementParser } from "./parser/statements.ts";
import type { Host } from "./runtime/runtime.ts";
import { builtinTests } from "./tests.ts";
import { nullTranslations } from "./translations.ts";
import { PyFunction } from "./values/callable.ts";
import { str } from "./values/repr.ts";
import type { UndefinedMode } from "./values/types.ts";
import { Markup, PyObject } from "./values/types.ts";

/** How templates are read; templates compiled with different settings are different templates. */
export interface Settings {
  readonly undefined: UndefinedMode;
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly keepTrailingNewline: boolean;
  readonly autoescape: boolean;
  readonly extensions: readonly string[];
  readonly lineStatementPrefix: string | undefined;
  readonly lineCommentPrefix: string | undefined;
}

/** The registries of nunjucks' Environment, which its types leave out. */
interface Registries {
  filters: Record<string, unknown>;
  tests: Record<string, unknown>;
  globals: Record<string, unknown>;
}

const NATIVE = Symbol("native");

/** What is derived from the registries of an environment, dropped when they change. */
interface Derived {
  readonly compiled: Map<string, Map<string, CompiledTemplate>>;
  readonly adapted: Map<unknown, Filter>;
  globals: ReadonlyMap<string, unknown> | undefined;
}

/** Kept outside the class: nunjucks' constructor fills the registries before a field of a subclass exists. */
const derivedOf = new WeakMap<object, Derived>();

function derived(environment: object): Derived {
  let found = derivedOf.get(environment);
  if (!found)
    derivedOf.set(environment, (found = { compiled: new Map(), adapted: new Map(), globals: undefined }));
  return found;
}

/** A filter in the shape nunjucks registers: a function, which carries what this package calls. */
type HostFunction = ((...args: unknown[]) => unknown) & { readonly [NATIVE]?: Filter };

export function hostFunction(filter: Filter): HostFunction {
  const refuse = (): never =>
    raise("InternalError", "a filter of @pai/jinja is only called by its own runtime");
  return Object.assign(refuse, { [NATIVE]: filter });
}

/** An Environment of nunjucks whose filters, tests and globals are Jinja2's; add to it with `addFilter` and its like. */
export class JinjaEnvironment extends nunjucks.Environment {
  constructor() {
    super([], { autoescape: false });
    const registries = this as unknown as Registries;
    registries.filters = Object.assign(Object.create(null), mapValues(builtinFilters, hostFunction));
    registries.tests = Object.assign(Object.create(null), mapValues(builtinTests, hostFunction));
    registries.globals = Object.assign(Object.create(null), Object.fromEntries(builtinGlobals()));
  }

  override addFilter(name: string, func: (...args: never[]) => unknown): this {
    (this as unknown as Registries).filters[name] = func;
    derivedOf.delete(this);
    return this;
  }

  addTest(name: string, func: (...args: never[]) => unknown): this {
    (this as unknown as Registries).tests[name] = func;
    derivedOf.delete(this);
    return this;
  }

  override addGlobal(name: string, value: unknown): this {
    (this as unknown as Registries).globals[name] = value;
    derivedOf.delete(this);
    return this;
  }

  find(kind: "filters" | "tests", name: string): Filter | undefined {
    const registered = (this as unknown as Registries)[kind][name];
    if (typeof registered !== "function") return undefined;
    const native = (registered as HostFunction)[NATIVE];
    if (native) return native;
    const { adapted } = derived(this);
    let filter = adapted.get(registered);
    if (!filter) adapted.set(registered, (filter = adaptFunction(name, registered as HostFunction)));
    return filter;
  }

  get globalValues(): ReadonlyMap<string, unknown> {
    derived(this).globals ??= new Map(
      Object.entries((this as unknown as Registries).globals).map(([name, value]): [string, unknown] => [
        name,
        typeof value === "function" ? adaptGlobal(name, value as HostFunction) : fromHost(value, name),
      ]),
    );
    return derived(this).globals ?? new Map();
  }

  /** Compiled templates are kept by content and settings. */
  compileSource(name: string, source: string, settings: Settings, host: Host): CompiledTemplate {
    const { compiled } = derived(this);
    // The source itself is the key of the outer map: its hash is kept by the string, and nothing is copied.
    let versions = compiled.get(source);
    const key = settingsKey(name, settings);
    const known = versions?.get(key);
    if (known) return known;
    const template = compileSource(name, source, settings, host);
    if (!versions) {
      if (compiled.size >= MOST_COMPILED) compiled.delete(compiled.keys().next().value ?? "");
      compiled.set(source, (versions = new Map()));
    }
    versions.set(key, template);
    return template;
  }
}

const MOST_COMPILED = 1000;

function settingsKey(name: string, settings: Settings): string {
  const { undefined: mode, trimBlocks, lstripBlocks, keepTrailingNewline, autoescape } = settings;
  const flags = `${mode} ${trimBlocks} ${lstripBlocks} ${keepTrailingNewline} ${autoescape}`;
  const texts = [
    settings.lineStatementPrefix ?? "",
    settings.lineCommentPrefix ?? "",
    ...settings.extensions,
  ].join("\0");
  return `${flags}\0${texts}\0${name}`;
}

function compileSource(name: string, text: string, settings: Settings, host: Host): CompiledTemplate {
  const source = new Source(name, text, settings.keepTrailingNewline);
  const lexer: LexerOptions = settings;
  const statements = new StatementParser(source, lexer, new Set(settings.extensions)).parseTemplate();
  return compileTemplate(source, statements, host);
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]): [string, B] => [key, change(value)]));
}

/** A filter or test written for nunjucks: it gets JavaScript values, positional ones only. */
function adaptFunction(name: string, func: HostFunction): Filter {
  return defineFilter(`${/^\w+$/.test(name) ? name : "filter"}(value, *args)`, (_context, value, args) =>
    fromHost(func(toHost(value), ...(args as readonly unknown[]).map(toHost)), `the result of ${name}`),
  );
}

function adaptGlobal(name: string, func: HostFunction): PyFunction {
  return new PyFunction(
    (args, kwargs) => {
      if (kwargs.size > 0) return raise("TypeError", `${name}() takes no keyword arguments`);
      return fromHost(func(...args.map(toHost)), `the result of ${name}`);
    },
    { repr: `<function ${name}>` },
  );
}

function toHost(value: unknown): unknown {
  return value instanceof Markup ? value.value : value instanceof PyObject ? str(value) : value;
}

/** What a render asks for, answered from an environment, its settings and its loader. */
export function hostFor(environment: JinjaEnvironment, settings: Settings, loader: Loader | undefined): Host {
  const loaded = new Map<string, CompiledTemplate>();
  const host: Host = {
    undefinedMode: settings.undefined,
    autoescape: settings.autoescape,
    globals: settings.extensions.includes("i18n")
      ? new Map([...environment.globalValues, ...nullTranslations()])
      : environment.globalValues,
    filter: (name) => environment.find("filters", name),
    test: (name) => environment.find("tests", name),
    load: (name) => {
      if (!loader) return raise("TypeError", "no loader for this environment specified");
      const known = loaded.get(name);
      if (known) return known;
      const found = loader.getSource(name);
      if (!found) return undefined;
      const template = environment.compileSource(name, found.src, settings, host);
      loaded.set(name, template);
      return template;
    },
  };
  return host;
}
