import { createMask, joinErrors } from "@pai/core";
import type { Machine, ModelObject, ModelValue } from "../cluster.ts";
import { secretsIn } from "../object-model.ts";
import { codeError, type CodeFailure } from "./code-failure.ts";
import type { ServiceCode } from "./find-service-code.ts";
import { openPythonBridge, type PythonBridge, type PythonService } from "./python-bridge.ts";
import type { StartPython } from "./python-process.ts";
import { openTypeScriptModules } from "./typescript-modules.ts";

export interface CodeOptions {
  readonly startPython: StartPython;
  readonly signal: AbortSignal;
  /** What the services' code printed; secrets are masked. */
  readonly onPrinted: (service: string, line: string) => void;
  readonly timeoutMs?: number;
}

export interface CodedService extends PythonService, ServiceCode {}

export interface ServiceCodeInput extends CodeOptions {
  readonly root: string;
  readonly directory: string;
  readonly services: readonly CodedService[];
  readonly machineFile: ModelObject;
  readonly machines: readonly Machine[];
  /** The rest of the model: what is made without code. */
  readonly others: ModelObject;
  /** Has the last word on what a service's code gave, before the whole model is checked. */
  readonly amend: (service: string, value: ModelValue) => ModelValue;
}

export interface ServiceCodeResult {
  readonly values: ModelObject;
  readonly secretKeys: ReadonlyMap<string, readonly string[]>;
}

/**
 * Runs the code of all services in OpenPAI's three phases. A phase runs for all of them, so that every
 * mistake is told; the next one starts only if there was none.
 */
export async function runServiceCode(input: ServiceCodeInput): Promise<ServiceCodeResult> {
  const { root, services, machineFile, others, amend, signal } = input;
  const mask = createMask(
    secretsIn(
      new Map<string, ModelValue>([
        ["machines", machineFile],
        ...services.flatMap(({ name, defaults, override }): [string, ModelValue][] => [
          [name, override],
          [`${name} defaults`, defaults],
        ]),
      ]),
    ),
  );
  const throwAny = (failed: readonly CodeFailure[]): void => {
    if (failed.length > 0) throw joinErrors(failed.map((failure) => codeError(failure, root, mask)));
  };
  const typescript = openTypeScriptModules({
    ...input,
    services: services.filter(({ language }) => language === "typescript"),
  });
  const python = await openPython(input, (service, line) => input.onPrinted(service, mask(line)));
  try {
    const prepared = [await typescript.prepare(), await python?.prepare(machineFile)];
    throwAny(prepared.flatMap((phase) => phase?.failed ?? []));
    signal.throwIfAborted();
    const ran = [await typescript.run(), await python?.run()];
    throwAny(ran.flatMap((phase) => phase?.failed ?? []));
    const made = new Map(ran.flatMap((phase) => [...(phase?.values ?? [])]));
    const amended = new Map([...made].map(([name, value]) => [name, amend(name, value)]));
    const unknownToPython = [...amended].filter(([name, value]) => value !== ran[1]?.values.get(name));
    const checkedPython = await python?.checkModel(new Map([...others, ...unknownToPython]));
    // validation_post gets the model itself, and may put into it what it finds out.
    const values = new Map([...amended, ...(checkedPython?.values ?? [])]);
    const checked = await typescript.checkModel(new Map([...others, ...values]));
    throwAny([...checked.failed, ...(checkedPython?.failed ?? [])]);
    return { values, secretKeys: typescript.secretKeys };
  } finally {
    await python?.close();
  }
}

async function openPython(
  input: ServiceCodeInput,
  onPrinted: CodeOptions["onPrinted"],
): Promise<PythonBridge | undefined> {
  const services = input.services.filter(({ language }) => language === "python");
  if (services.length === 0) return undefined;
  const { root, startPython: start, signal, timeoutMs = 60_000 } = input;
  return openPythonBridge({ root, start, services, signal, timeoutMs, onPrinted });
}
