import type { Machine, ModelObject, ModelValue } from "../cluster.ts";
import { mergeDeep } from "../object-model.ts";
import { isModelObject } from "../yaml.ts";
import { checkSettings } from "./check-settings.ts";
import type { CodeFailure } from "./code-failure.ts";
import type { PhaseResult } from "./python-bridge.ts";
import { openModuleThread, type ModuleThread } from "./run-modules.ts";
import { fromWire, toWire } from "./wire.ts";

interface TypeScriptService {
  readonly name: string;
  /** Relative to the tree root. */
  readonly file: string;
  readonly defaults: ModelValue;
  readonly override: ModelObject;
}

export interface TypeScriptModules {
  /** Loads the modules, checks their settings by their schemas and runs every `validatePre`. */
  prepare(): Promise<PhaseResult>;
  /** The next phases leave out what has failed before. */
  run(): Promise<PhaseResult>;
  checkModel(model: ModelObject): Promise<PhaseResult>;
  close(): Promise<void>;
  /** Known after `prepare`. */
  readonly secretKeys: ReadonlyMap<string, readonly string[]>;
}

export interface TypeScriptOptions {
  readonly root: string;
  /** The configuration folder; a relative path starts at the root. */
  readonly directory: string;
  readonly services: readonly TypeScriptService[];
  readonly machineFile: ModelObject;
  readonly machines: readonly Machine[];
  /** For each module and phase. */
  readonly timeoutMs: number;
  readonly onPrinted: (service: string, line: string) => void;
  readonly signal: AbortSignal;
}

/** The same three phases as those of the Python modules, for config/*.ts. */
export function openTypeScriptModules(options: TypeScriptOptions): TypeScriptModules {
  const { root, directory, services } = options;
  const settings = new Map(
    services.map((service) => [service.name, mergeDeep(defaultsOf(service), service.override)]),
  );
  const secretKeys = new Map<string, readonly string[]>();
  const thread = openThread(options, settings);
  let sound = services.map(({ name }) => name);
  const without = (failed: readonly CodeFailure[]): string[] => {
    const broken = new Set(failed.map(({ service }) => service));
    return sound.filter((name) => !broken.has(name));
  };
  return {
    secretKeys,
    prepare: async () => {
      const { failed: broken, loaded } = await thread.ask({ phase: "load", services: sound });
      const facts = new Map(loaded);
      for (const [name, module] of facts) secretKeys.set(name, module.secretKeys);
      const misfits = services.flatMap(({ name, file }) => {
        const schema = facts.get(name)?.schema;
        const found = settings.get(name);
        return schema && found
          ? checkSettings({ root, directory, service: name, file, settings: found, schema })
          : [];
      });
      // Code may rely on its schema.
      sound = without([...broken, ...misfits]);
      const { failed: refused } = await thread.ask({ phase: "validation_pre", services: sound });
      sound = without(refused);
      return { failed: [...broken, ...misfits, ...refused], values: new Map() };
    },
    run: async () => {
      const { failed, values } = await thread.ask({ phase: "run", services: sound });
      sound = without(failed);
      return { failed, values: new Map(values.map(([name, value]) => [name, fromWire(value)])) };
    },
    checkModel: async (model) => {
      const request = { phase: "validation_post", services: sound, model: toWire(model) } as const;
      const { failed } = await thread.ask(request);
      return { failed, values: new Map() };
    },
    close: () => thread.close(),
  };
}

function openThread(options: TypeScriptOptions, settings: ReadonlyMap<string, ModelObject>): ModuleThread {
  const { root, services, machines, machineFile } = options;
  return openModuleThread({
    ...options,
    data: {
      root,
      machines,
      layout: toWire(machineFile),
      services: services.map((service) => ({
        name: service.name,
        file: service.file,
        settings: toWire(settings.get(service.name) ?? null),
        defaults: toWire(defaultsOf(service)),
        overrides: toWire(service.override),
      })),
    },
  });
}

function defaultsOf({ defaults }: TypeScriptService): ModelObject {
  return isModelObject(defaults) ? defaults : new Map<string, ModelValue>();
}
