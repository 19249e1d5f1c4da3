import { statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Machine, ModelObject, ModelValue } from "../cluster.ts";
import { mergeDeep } from "../object-model.ts";
import { isModelObject } from "../yaml.ts";
import { checkSettings } from "./check-settings.ts";
import type { CodeFailure, CodePhase } from "./code-failure.ts";
import { fromPlain, plainObject } from "./plain.ts";
import type { PhaseResult } from "./python-bridge.ts";
import type { Complaints, ServiceConfigInput, ServiceConfigModule } from "./service-config-module.ts";

interface TypeScriptService {
  readonly name: string;
  /** Relative to the tree root. */
  readonly file: string;
  readonly defaults: ModelValue;
  readonly override: ModelObject;
}

export interface TypeScriptModules {
  /** Loads the modules and runs every `validatePre`. */
  prepare(): Promise<PhaseResult>;
  run(): Promise<PhaseResult>;
  checkModel(model: ModelObject): Promise<PhaseResult>;
  /** Known after `prepare`. */
  readonly secretKeys: ReadonlyMap<string, readonly string[]>;
}

interface Loaded {
  readonly service: TypeScriptService;
  readonly module: ServiceConfigModule;
  readonly settings: ModelObject;
  readonly input: ServiceConfigInput;
}

export interface TypeScriptOptions {
  readonly root: string;
  /** The configuration folder; a relative path starts at the root. */
  readonly directory: string;
  readonly services: readonly TypeScriptService[];
  readonly machineFile: ModelObject;
  readonly machines: readonly Machine[];
}

/** The same three phases as those of the Python modules, for config/*.ts. */
export function openTypeScriptModules(options: TypeScriptOptions): TypeScriptModules {
  const { root, directory, services } = options;
  const loaded: Loaded[] = [];
  const secretKeys = new Map<string, readonly string[]>();

  const each = async <T extends { readonly service: TypeScriptService }>(
    items: readonly T[],
    phase: CodePhase,
    work: (item: T) => Promise<Complaints>,
  ): Promise<CodeFailure[]> => {
    const failed: CodeFailure[] = [];
    // One after the other, as the Python modules: what they print stays in order.
    for (const item of items) {
      const { name, file } = item.service;
      try {
        const complaints = (await work(item)) ?? [];
        const texts = typeof complaints === "string" ? [complaints] : complaints;
        failed.push(...texts.map((message) => ({ service: name, phase, file, message })));
      } catch (thrown) {
        failed.push({ service: name, phase, ...describeThrown(thrown, root, file) });
      }
    }
    return failed;
  };

  return {
    secretKeys,
    prepare: async () => {
      const found = services.map((service) => ({ service }));
      const broken = await each(found, "load", async ({ service }) => {
        const module = await loadModule(path.join(root, service.file));
        const settings = mergeDeep(defaultsOf(service), service.override);
        loaded.push({ service, module, settings, input: inputOf(service, settings, options) });
        secretKeys.set(service.name, module.secretKeys ?? []);
      });
      const misfits = loaded.flatMap(({ service: { name, file }, module: { schema }, settings }) =>
        schema ? checkSettings({ root, directory, service: name, file, settings, schema }) : [],
      );
      // Code may rely on its schema.
      const sound = loaded.filter(({ service }) =>
        misfits.every((misfit) => misfit.service !== service.name),
      );
      const refused = await each(sound, "validation_pre", async ({ module, input }) =>
        module.validatePre?.(input),
      );
      return { failed: [...broken, ...misfits, ...refused], values: new Map() };
    },
    run: async () => {
      const values = new Map<string, ModelValue>();
      const failed = await each(loaded, "run", async ({ service, module, input }) => {
        values.set(service.name, fromPlain(await module.run(input), service.name));
      });
      return { failed, values };
    },
    checkModel: async (model) => {
      const plain = plainObject(model);
      const failed = await each(loaded, "validation_post", async ({ module, input }) =>
        module.validatePost?.(input, plain),
      );
      return { failed, values: new Map() };
    },
  };
}

async function loadModule(file: string): Promise<ServiceConfigModule> {
  // The query lets a process that lives on, such as a watcher, see a changed file.
  const url = `${pathToFileURL(file).href}?t=${Math.trunc(statSync(file).mtimeMs)}`;
  const namespace = (await import(url)) as { readonly default?: unknown; readonly run?: unknown };
  const module = hasRun(namespace.default) ? namespace.default : namespace;
  if (!hasRun(module)) throw new TypeError("it exports no function run");
  if (module.schema !== undefined && !isObject(module.schema)) throw new TypeError("its schema is no object");
  return module;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function hasRun(value: unknown): value is ServiceConfigModule {
  return typeof (value as { readonly run?: unknown } | null | undefined)?.run === "function";
}

function defaultsOf({ defaults }: TypeScriptService): ModelObject {
  return isModelObject(defaults) ? defaults : new Map<string, ModelValue>();
}

function inputOf(
  service: TypeScriptService,
  settings: ModelObject,
  options: TypeScriptOptions,
): ServiceConfigInput {
  return {
    service: service.name,
    settings: plainObject(settings),
    defaults: plainObject(defaultsOf(service)),
    overrides: plainObject(service.override),
    machines: options.machines,
    layout: plainObject(options.machineFile),
  };
}

function describeThrown(
  thrown: unknown,
  root: string,
  file: string,
): Pick<CodeFailure, "error" | "message" | "file" | "line"> {
  if (!(thrown instanceof Error)) return { error: "thrown", message: String(thrown), file };
  const folder = path.join(root, path.dirname(file)) + path.sep;
  // Frames say file:///…/hbase.ts?t=123:12:7; a syntax error names the file without a column.
  for (const line of (thrown.stack ?? "").split("\n")) {
    const [, place = "", at = ""] = /(?:file:\/\/)?(\/[^?():]+)(?:\?t=\d+)?:(\d+)/.exec(line) ?? [];
    if (decodeURI(place).startsWith(folder)) {
      const relative = path.relative(root, decodeURI(place));
      return { error: thrown.name, message: thrown.message, file: relative, line: Number(at) };
    }
  }
  return { error: thrown.name, message: thrown.message, file };
}
