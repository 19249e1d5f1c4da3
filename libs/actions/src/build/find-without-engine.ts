// What a foreign base stands for where no engine answers: its registry says it, else what the lock has is taken.
// That is enough to know an image that the registry has already; a build fails for want of the engine.
import { parseImageReference, type Report } from "@pai/core";
import { askRegistry } from "./ask-registry.ts";
import type { BaseLock, LockedBase } from "./lock.ts";
import type { Stores } from "./stores.ts";

interface Options {
  readonly stores: Stores;
  readonly lock: BaseLock;
  /** Takes nothing of the lock. */
  readonly pull?: boolean;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Undefined for a base that only an engine can know. */
export async function findWithoutEngine(
  options: Options,
  reference: string,
): Promise<LockedBase | undefined> {
  const found = await askRegistry(options.stores, reference, options.signal);
  // Whatever the registry says, what is missing is the engine.
  return "base" in found ? found.base : askLock(options, reference);
}

function askLock({ lock, pull = false, report }: Options, reference: string): LockedBase | undefined {
  const locked = lock.find(reference);
  if (pull || locked?.kind !== "digest") return undefined;
  const message = `neither an engine nor ${parseImageReference(reference).registry} tells what ${reference} is: taken as ${lock.file} has it`;
  report({ type: "warning", message });
  return locked;
}
