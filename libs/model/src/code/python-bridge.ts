// Talks to bridge.py, which runs the config/*.py of all services in one python3.
import { setTimeout as sleep } from "node:timers/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PaiError } from "@pai/core";
import type { ModelObject, ModelValue } from "../cluster.ts";
import { isModelObject, parseYaml } from "../yaml.ts";
import type { CodeFailure, CodePhase } from "./code-failure.ts";
import type { PythonProcess, StartPython } from "./python-process.ts";
import { fromWire, toWire } from "./wire.ts";

export interface PythonService {
  readonly name: string;
  /** Relative to the tree root. */
  readonly file: string;
  /** null for a file with nothing but comments. */
  readonly defaults: ModelValue;
  readonly override: ModelObject;
}

export interface BridgeOptions {
  readonly root: string;
  readonly start: StartPython;
  readonly services: readonly PythonService[];
  readonly signal: AbortSignal;
  /** For each phase of all services together. */
  readonly timeoutMs: number;
  /** A line that a config module printed or logged. */
  readonly onPrinted: (service: string, line: string) => void;
}

export interface PhaseResult {
  readonly failed: readonly CodeFailure[];
  /** By service; empty after the first check. */
  readonly values: ModelObject;
}

export interface PythonBridge {
  /** Loads the modules and runs every `validation_pre`. */
  prepare(machineFile: ModelObject): Promise<PhaseResult>;
  run(): Promise<PhaseResult>;
  /** Runs every `validation_post` on the model of the Python services and these others. */
  checkModel(others: ModelObject): Promise<PhaseResult>;
  close(): Promise<void>;
}

interface Message {
  readonly service?: string;
  readonly phase?: CodePhase;
  readonly printed?: string;
  readonly yaml?: string;
  readonly failed?: readonly CodeFailure[];
  readonly values?: unknown;
}

const script = fileURLToPath(new URL("bridge.py", import.meta.url));

export async function openPythonBridge(options: BridgeOptions): Promise<PythonBridge> {
  const { root, start, services, signal } = options;
  const running = await start({ script, cwd: root, signal });
  if (!running) {
    throw new PaiError("CONFIG_INVALID", "run the config/*.py of the services: there is no python3", {
      details: [`needed by ${services.map(({ name }) => name).join(", ")}`],
      hint: "install Python 3.6 or later, or name it in PAI_PYTHON; --model FILE does without",
    });
  }
  const ask = createAsk(options, running);
  const described = services.map(({ name, file, defaults, override }) => ({
    name,
    file: path.resolve(root, file),
    defaults: toWire(defaults),
    override: toWire(override),
  }));
  return {
    prepare: (machineFile) => ask({ do: "prepare", machines: toWire(machineFile), services: described }),
    run: () => ask({ do: "run" }),
    checkModel: (others) => ask({ do: "check_model", others: toWire(others) }),
    close: () => running.stop(),
  };
}

function createAsk(
  { root, services, signal, timeoutMs, onPrinted }: BridgeOptions,
  running: PythonProcess,
): (request: object) => Promise<PhaseResult> {
  const fileOf = new Map(services.map(({ name, file }) => [name, file]));
  let at: { service: string; phase: CodePhase } = { service: services[0]?.name ?? "", phase: "load" };
  const here = (): string => `${fileOf.get(at.service) ?? at.service} (${at.phase})`;
  const relative = (failure: CodeFailure): CodeFailure => ({
    ...failure,
    file: failure.file ? path.relative(root, failure.file) : (fileOf.get(failure.service) ?? ""),
  });

  /** undefined for all but the answer that ends the request. */
  const take = (message: Message): PhaseResult | undefined => {
    const { service, phase, printed, yaml, failed, values } = message;
    if (service !== undefined && phase !== undefined) at = { service, phase };
    if (printed !== undefined) onPrinted(at.service, printed);
    if (yaml !== undefined) running.send(JSON.stringify(readYaml(yaml)));
    if (failed === undefined) return undefined;
    const model = fromWire(values ?? { d: [] });
    return { failed: failed.map(relative), values: isModelObject(model) ? model : new Map() };
  };

  return async (request) => {
    running.send(JSON.stringify(request));
    const finished = new AbortController();
    let late = false;
    const limit = sleep(timeoutMs, undefined, { signal: finished.signal }).then(
      () => {
        late = true;
        return running.stop();
      },
      () => {},
    );
    try {
      for (;;) {
        const { value, done } = await running.answers.next();
        signal.throwIfAborted();
        if (done) throw ended(here(), late ? timeoutMs : undefined, running.lastLines());
        const result = take(JSON.parse(value) as Message);
        if (result) return result;
      }
    } finally {
      finished.abort();
      await limit;
    }
  };
}

function readYaml(text: string): object {
  try {
    return { value: toWire(parseYaml(text, "the text").value) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function ended(where: string, timeoutMs: number | undefined, lastLines: readonly string[]): PaiError {
  if (timeoutMs !== undefined) {
    return new PaiError("CONFIG_INVALID", `${where} did not end within ${timeoutMs / 1000} s`, {
      hint: "code of a configuration must not wait for anything outside",
    });
  }
  return new PaiError("CONFIG_INVALID", `python3 ended in the middle of ${where}`, {
    details: lastLines.slice(-5),
  });
}
