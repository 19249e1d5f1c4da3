import { PaiError } from "@pai/core";
import { readServices } from "@pai/model";
import { withCommit, type CheckoutOptions } from "./checkout.ts";
import { compareSnapshots, type AffectedService } from "./compare.ts";
import { takeSnapshot, type TreeSnapshot } from "./snapshot.ts";

export interface AffectedOptions extends CheckoutOptions {
  /** A commit, in any way that git names one. */
  readonly base: string;
  /** The work tree as it is now when absent, files that git does not know yet among them. */
  readonly head?: string | undefined;
}

export interface AffectedResult {
  readonly affected: readonly AffectedService[];
  /** How many services there are at the head. */
  readonly services: number;
}

/**
 * The services that would be deployed from something else than before: rendered files, scripts, images or
 * node labels. One that cannot be rendered counts as affected, with the reason.
 */
export async function findAffected(options: AffectedOptions): Promise<AffectedResult> {
  const { root, base, head } = options;
  return withCommit(base, options, (baseRoot) => {
    const compare = async (headRoot: string): Promise<AffectedResult> => {
      // One after the other: both may run the services' configuration code.
      const before = await snapshotOrProblem(baseRoot, options);
      const after = await snapshotOrProblem(headRoot, options);
      return { affected: compareSnapshots(before, after), services: after.services.size };
    };
    return head === undefined ? compare(root) : withCommit(head, options, compare);
  });
}

/** A configuration that cannot be read leaves every service in doubt; it does not hide any. */
async function snapshotOrProblem(root: string, options: CheckoutOptions): Promise<TreeSnapshot> {
  try {
    return await takeSnapshot({ ...options, root });
  } catch (error) {
    const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
    if (!(first instanceof PaiError) || options.signal.aborted) throw error;
    const problem = first.message;
    const unknown = {
      rendered: new Map(),
      files: new Map(),
      settings: "",
      labels: new Map(),
      images: [],
      problem,
    };
    const services = await readServices(root).then(
      (found) => [...found.values()],
      () => [],
    );
    return {
      root,
      model: new Map(),
      services: new Map(
        services.map(({ name, deploy }) => [name, { ...unknown, isDeployable: deploy !== undefined }]),
      ),
      images: new Map(),
      brokenImages: new Map(),
    };
  }
}
