// The thread in which config/*.ts run, so that one that never ends can be stopped. module-messages.ts has what it
// is told and what it answers.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { isModelObject } from "../cluster.ts";
import type { CodeFailure, CodePhase } from "./code-failure.ts";
import type {
  ModuleFacts,
  ThreadData,
  ThreadMessage,
  ThreadRequest,
  ThreadService,
} from "./module-messages.ts";
import { fromPlain, plainObject, type PlainObject } from "./plain.ts";
import type { Complaints, ServiceConfigInput, ServiceConfigModule } from "./service-config-module.ts";
import { fromWire, toWire, type WireValue } from "./wire.ts";

const { root, services, machines, layout } = workerData as ThreadData;
const byName = new Map(services.map((service) => [service.name, service]));
const modules = new Map<string, ServiceConfigModule>();
const inputs = new Map<string, ServiceConfigInput>();
let current = "";

const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: string | Uint8Array): boolean => {
    for (const line of Buffer.from(chunk as string)
      .toString()
      .split("\n")) {
      if (line.trim() !== "") tell({ type: "printed", service: current, line });
    }
    return true;
  };
}
parentPort?.on("message", (request: ThreadRequest) => void answer(request).then(tell));

async function answer({ phase, services: names, model }: ThreadRequest): Promise<ThreadMessage> {
  const failed: CodeFailure[] = [];
  const values: [string, WireValue][] = [];
  const loaded: [string, ModuleFacts][] = [];
  const plain = model === undefined ? {} : plainOf(model);
  const work: Readonly<Record<CodePhase, (service: ThreadService) => Promise<Complaints>>> = {
    load: async (service) => void loaded.push([service.name, await load(service)]),
    validation_pre: async ({ name }) => modules.get(name)?.validatePre?.(inputOf(name)),
    run: async ({ name }) =>
      void values.push([name, toWire(fromPlain(await modules.get(name)?.run(inputOf(name)), name))]),
    validation_post: async ({ name }) => modules.get(name)?.validatePost?.(inputOf(name), plain),
  };
  // One after the other, as the Python modules: what they print stays in order.
  for (const name of names) {
    const service = byName.get(name);
    if (!service) continue;
    current = name;
    tell({ type: "at", service: name, phase });
    failed.push(...(await failuresOf(service, phase, work[phase])));
  }
  return { type: "done", failed, values, loaded };
}

async function failuresOf(
  service: ThreadService,
  phase: CodePhase,
  work: (service: ThreadService) => Promise<Complaints>,
): Promise<CodeFailure[]> {
  const { name, file } = service;
  try {
    const complaints = (await work(service)) ?? [];
    const texts = typeof complaints === "string" ? [complaints] : complaints;
    return texts.map((message) => ({ service: name, phase, file, message: String(message) }));
  } catch (thrown) {
    return [{ service: name, phase, ...describeThrown(thrown, file) }];
  }
}

async function load(service: ThreadService): Promise<ModuleFacts> {
  const url = pathToFileURL(path.join(root, service.file)).href;
  const namespace = (await import(url)) as { readonly default?: unknown; readonly run?: unknown };
  const module = hasRun(namespace.default) ? namespace.default : namespace;
  if (!hasRun(module)) throw new TypeError("it exports no function run");
  const { schema, secretKeys = [] } = module;
  if (schema !== undefined && (typeof schema !== "object" || schema === null))
    throw new TypeError("its schema is no object");
  modules.set(service.name, module);
  inputs.set(service.name, {
    service: service.name,
    settings: plainOf(service.settings),
    defaults: plainOf(service.defaults),
    overrides: plainOf(service.overrides),
    machines,
    layout: plainOf(layout),
  });
  // A schema is data; what else it may hold does not pass to another thread.
  return { secretKeys, ...(schema ? { schema: JSON.parse(JSON.stringify(schema)) as typeof schema } : {}) };
}

function hasRun(value: unknown): value is ServiceConfigModule {
  return typeof (value as { readonly run?: unknown } | null | undefined)?.run === "function";
}

function inputOf(service: string): ServiceConfigInput {
  return inputs.get(service) as ServiceConfigInput;
}

function plainOf(value: WireValue): PlainObject {
  const model = fromWire(value);
  return isModelObject(model) ? plainObject(model) : {};
}

function describeThrown(
  thrown: unknown,
  file: string,
): Pick<CodeFailure, "error" | "message" | "file" | "line"> {
  if (!(thrown instanceof Error)) return { error: "thrown", message: String(thrown), file };
  const { name: error, message } = thrown;
  const folder = path.join(root, path.dirname(file)) + path.sep;
  // Frames say file:///…/hbase.ts:12:7; a syntax error names the file without a column.
  for (const line of (thrown.stack ?? "").split("\n")) {
    const [, place = "", at = ""] = /(?:file:\/\/)?(\/[^():]+):(\d+)/.exec(line) ?? [];
    if (decodeURI(place).startsWith(folder)) {
      return { error, message, file: path.relative(root, decodeURI(place)), line: Number(at) };
    }
  }
  return { error, message, file };
}
