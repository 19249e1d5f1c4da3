// What a start of the tree would do, as far as that can be known, for looking at services.
import { joinErrors, type PaiError } from "@pai/core";
import { pinOwnImages } from "./images.ts";
import { planDeployment, type DeploySelection, type PlannedService } from "./plan.ts";
import { inputHash } from "./start-service.ts";

export interface Tree {
  readonly planned: ReadonlyMap<string, PlannedService>;
  /** What a start would record. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Says why that is not known. */
  readonly unknown?: string;
}

/** As far as a tree in the making, or a registry that is away, lets it be known. */
export async function readTree(options: DeploySelection): Promise<Tree> {
  const { signal } = options;
  const quiet = { ...options, report: () => {} };
  // What is broken is left out, and says so in the plan.
  const known = await tryUntil(signal, () => planDeployment(quiet, { order: "stop" }));
  const pinned = await tryUntil(signal, async () => {
    const problems = known.value?.order.flatMap(problemsOf) ?? [];
    if (problems.length > 0) throw joinErrors(problems);
    return known.value && pinOwnImages(known.value, signal);
  });
  const plan = pinned.value;
  const error = known.error ?? pinned.error;
  return {
    planned: new Map(known.value?.order.map((planned) => [planned.name, planned])),
    hashes: new Map(plan?.order.map((planned) => [planned.name, inputHash({ plan }, planned)])),
    ...(error === undefined ? {} : { unknown: describeUnknown(error) }),
  };
}

/** What keeps a start from the service. */
function problemsOf({ service, unrendered = new Map() }: PlannedService): PaiError[] {
  return [...service.problems, ...unrendered.values()];
}

/** What it gives, or why it failed; throws only when it was aborted. */
async function tryUntil<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<{ readonly value?: T; readonly error?: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (signal.aborted) throw error;
    return { error };
  }
}

function describeUnknown(why: unknown): string {
  const errors = (why instanceof AggregateError ? why.errors : [why]) as unknown[];
  const [first] = errors;
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : "";
  return `whether a start would change something is not known: ${first instanceof Error ? first.message : String(first)}${more}`;
}
