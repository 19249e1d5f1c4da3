// The two languages of config modules, each with the same three phases.
import type { ModelObject } from "../cluster.ts";
import { openPythonBridge, type PhaseResult, type PythonBridge } from "./python-bridge.ts";
import type { CodedService, ServiceCodeInput } from "./run-service-code.ts";
import { openTypeScriptModules } from "./typescript-modules.ts";

export interface Side {
  readonly services: readonly string[];
  prepare(machineFile: ModelObject): Promise<PhaseResult>;
  run(): Promise<PhaseResult>;
  /** Gets the model but for what the side itself has made. */
  checkModel(others: ModelObject): Promise<PhaseResult>;
  close(): Promise<void>;
  /** Known after `prepare`. */
  readonly secretKeys: ReadonlyMap<string, readonly string[]>;
}

// Node loads a module in milliseconds; all of OpenPAI's take python3 a second or two.
const typescriptMs = 10_000;
const pythonMs = 60_000;

/** Python comes first in the last phase too: what its checks put into the model, TypeScript's see. */
export function openSides(input: ServiceCodeInput, mask: (text: string) => string): readonly Side[] {
  const of = (language: CodedService["language"]): CodedService[] =>
    input.services.filter((service) => service.language === language);
  const [python, typescript] = [of("python"), of("typescript")];
  const masked = { ...input, onPrinted: (name: string, line: string) => input.onPrinted(name, mask(line)) };
  return [
    ...(python.length > 0 ? [pythonSide(masked, python)] : []),
    ...(typescript.length > 0 ? [typescriptSide(masked, typescript)] : []),
  ];
}

function typescriptSide(input: ServiceCodeInput, services: readonly CodedService[]): Side {
  const { timeoutMs = typescriptMs } = input;
  const modules = openTypeScriptModules({ ...input, services, timeoutMs });
  return { services: services.map(({ name }) => name), ...modules };
}

function pythonSide(input: ServiceCodeInput, services: readonly CodedService[]): Side {
  const { startPython: start, timeoutMs = pythonMs } = input;
  let bridge: PythonBridge | undefined;
  const opened = (): PythonBridge => {
    if (!bridge) throw new Error("python3 is asked before it is prepared");
    return bridge;
  };
  return {
    services: services.map(({ name }) => name),
    secretKeys: new Map(),
    prepare: async (machineFile) => {
      bridge = await openPythonBridge({ ...input, start, services, timeoutMs });
      return bridge.prepare(machineFile);
    },
    run: () => opened().run(),
    checkModel: (others) => opened().checkModel(others),
    close: async () => bridge?.close(),
  };
}
