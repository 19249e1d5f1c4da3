import { createMask, joinErrors, PaiError } from "@pai/core";
import type { Machine, ModelObject, ModelValue } from "../cluster.ts";
import { secretsIn } from "../object-model.ts";
import { codeError, type CodeFailure } from "./code-failure.ts";
import type { ServiceCode } from "./find-service-code.ts";
import { openSides, type Side } from "./code-sides.ts";
import type { PhaseResult, PythonService } from "./python-bridge.ts";
import type { StartPython } from "./python-process.ts";

export interface CodeOptions {
  readonly startPython: StartPython;
  readonly signal: AbortSignal;
  /** What the services' code printed; secrets are masked. */
  readonly onPrinted: (service: string, line: string) => void;
  /** For a step of a TypeScript module, and for one of all Python modules together. */
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
  /** Takes what would be thrown, so that the other services' code goes on. */
  readonly tolerate?: ((error: PaiError) => void) | undefined;
}

export interface ServiceCodeResult {
  readonly values: ModelObject;
  readonly secretKeys: ReadonlyMap<string, readonly string[]>;
  /** Services whose code failed; empty unless failures are tolerated. */
  readonly unmade: ReadonlySet<string>;
}

/**
 * Runs the code of all services in OpenPAI's three phases. A phase runs for all of them, so that every
 * mistake is told; the next one starts only if there was none.
 */
export async function runServiceCode(input: ServiceCodeInput): Promise<ServiceCodeResult> {
  const { others, amend, machineFile, signal } = input;
  const unmade = new Set<string>();
  const mask = maskOf(input);
  const failures = createFailures(input, unmade, mask);
  const sides = openSides(input, mask);
  const phase = async (work: (side: Side) => Promise<PhaseResult>): Promise<Map<Side, PhaseResult>> => {
    const results = new Map<Side, PhaseResult>();
    for (const side of sides.filter(({ services }) => services.some((name) => !unmade.has(name)))) {
      const result = await work(side).catch((error: unknown) => failures.ofSide(side, error));
      results.set(side, result);
    }
    signal.throwIfAborted();
    failures.settle([...results.values()].flatMap(({ failed }) => failed));
    return results;
  };
  const secretKeys = new Map<string, readonly string[]>();
  try {
    await phase((side) => side.prepare(machineFile));
    const ran = await phase((side) => side.run());
    for (const side of sides) for (const [name, keys] of side.secretKeys) secretKeys.set(name, keys);
    const made = [...ran.values()].flatMap(({ values }) => [...values]);
    const values = new Map(made.map(([name, value]) => [name, amend(name, value)]));
    // A check of the whole model would mind what is missing of it.
    if (unmade.size > 0) return { values, secretKeys, unmade };
    await phase(async (side) => {
      // What a side has made itself it knows, as long as nobody has amended it.
      const own = ran.get(side)?.values;
      const unknown = [...values].filter(([name, value]) => value !== own?.get(name));
      const checked = await side.checkModel(new Map([...others, ...unknown]));
      // validation_post gets the model itself, and may put into it what it finds out.
      for (const [name, value] of checked.values) values.set(name, value);
      return checked;
    });
    return { values, secretKeys, unmade };
  } finally {
    await Promise.all(sides.map((side) => side.close()));
  }
}

function maskOf({ machineFile, services }: ServiceCodeInput): (text: string) => string {
  const secrets = new Map<string, ModelValue>([
    ["machines", machineFile],
    ...services.flatMap(({ name, defaults, override }): [string, ModelValue][] => [
      [name, override],
      [`${name} defaults`, defaults],
    ]),
  ]);
  return createMask(secretsIn(secrets));
}

function createFailures(
  { root, tolerate, signal }: ServiceCodeInput,
  unmade: Set<string>,
  mask: (text: string) => string,
): {
  readonly settle: (failed: readonly CodeFailure[]) => void;
  /** For one that could not go on at all. */
  readonly ofSide: (side: Side, error: unknown) => PhaseResult;
} {
  return {
    settle: (failed) => {
      const errors = failed.map((failure) => codeError(failure, root, mask));
      if (errors.length > 0 && !tolerate) throw joinErrors(errors);
      for (const { service } of failed) unmade.add(service);
      for (const error of errors) tolerate?.(error);
    },
    ofSide: ({ services }, error) => {
      if (!tolerate || !(error instanceof PaiError) || signal.aborted) throw error;
      tolerate(error);
      for (const service of services) unmade.add(service);
      return { failed: [], values: new Map() };
    },
  };
}
