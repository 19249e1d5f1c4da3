// What a start would hand to a service's scripts, without starting anything.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import type { Cluster } from "@pai/model";
import { pinOwnImages } from "../deploy/images.ts";
import { planDeployment, type DeployPlan, type DeploySelection } from "../deploy/plan.ts";

export interface RenderServicesOptions extends DeploySelection {
  /** Ask the registry for the digests that a start would pin images to. */
  readonly pin: boolean;
}

interface RenderedService {
  readonly service: string;
  /** The whole deploy folder, as scripts see it. */
  readonly files: readonly RenderedOutput[];
}

interface RenderedOutput {
  /** Relative to the deploy folder. */
  readonly name: string;
  /** Relative to the tree root; absent for a file that is taken as it is. */
  readonly template?: string;
  readonly content: Buffer;
  readonly mode: number;
  readonly link?: string;
}

export interface RenderResult {
  readonly cluster: Cluster;
  readonly services: readonly RenderedService[];
}

/** Byte for byte what would be applied; a warning says so when images are not pinned as a start would. */
export async function renderServices(options: RenderServicesOptions): Promise<RenderResult> {
  const plan = await planDeployment(options, { order: "render" });
  const { cluster, order } = options.pin ? await pinIfPossible(plan, options) : plan;
  return { cluster, services: order.map(({ name, files }) => ({ service: name, files })) };
}

async function pinIfPossible(plan: DeployPlan, { report, signal }: DeploySelection): Promise<DeployPlan> {
  try {
    return await pinOwnImages(plan, signal);
  } catch (error) {
    const errors = (error instanceof AggregateError ? error.errors : [error]) as unknown[];
    if (signal.aborted || !errors.every((each) => each instanceof PaiError)) throw error;
    const first = errors[0] as PaiError;
    const more = errors.length > 1 ? `, and ${errors.length - 1} more` : "";
    report({
      type: "warning",
      message: `images keep their tags, where a start would pin them to digests: ${first.message}${more}`,
    });
    return plan;
  }
}

/** Writes each service to `<folder>/<service>`; files of theirs that are there are replaced, others stay. */
export async function writeRendered(
  folder: string,
  { services }: RenderResult,
  options: { readonly root: string },
): Promise<readonly string[]> {
  refuseSource(folder, options.root);
  const written: string[] = [];
  for (const { service, files } of services) {
    for (const { name, content, mode, link } of files) {
      // What a link leads to is the tree's; a copy of the folder may lie anywhere.
      if (link !== undefined) continue;
      const file = path.join(folder, service, name);
      // Rendered files hold the configuration's passwords.
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, content, { mode: mode & 0o700 });
      written.push(file);
    }
  }
  return written;
}

function refuseSource(folder: string, root: string): void {
  const relative = path.relative(path.join(root, "src"), folder);
  if (relative.startsWith("..") || path.isAbsolute(relative)) return;
  throw new PaiError("USAGE", `--out ${folder} lies in src, where only sources are`, {
    hint: "name a folder outside of it, such as dist/rendered",
  });
}
