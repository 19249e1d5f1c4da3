// Every image of our own that a manifest names has to be in the registry before anything is applied, and
// is then pinned to the digest found, so that a service restarts exactly when its image has changed.
import { mapAtOnce, joinErrors, PaiError, parseImageReference } from "@pai/core";
import { imageOwners } from "@pai/plan";
import { openRegistries } from "@pai/registry";
import { findImages, isManifestFile, pinImages } from "@pai/render";
import type { DeployFile } from "./folder.ts";
import type { DeployPlan, DeploySelection, PlannedService } from "./plan.ts";
import { appliedByScript } from "./script-needs.ts";

interface UsedImage {
  readonly reference: string;
  readonly service: string;
  /** Where the image is named: the template, if there is one, as that is what an author changes. */
  readonly file: string;
  readonly line: number;
}

const lookupsAtOnce = 8;

/** Returns the plan with all own images pinned, unless it is not to. Throws IMAGE_NOT_FOUND for each that is missing. */
export async function pinOwnImages(plan: DeployPlan, signal: AbortSignal): Promise<DeployPlan> {
  const used = plan.order.flatMap((planned) => usedImages(planned, plan.cluster, startedManifests(planned)));
  const digests = await findDigests(plan, used, signal);
  const missing = used.filter(({ reference }) => !digests.has(reference));
  if (missing.length > 0) throw joinErrors(missing.map((image) => notFound(plan, image)));
  return pinned(plan, digests, startedManifests);
}

/** Pins what a stop or a delete applies, such as a job that removes data; what cannot be pinned is a warning. */
export async function pinAppliedImages(
  plan: DeployPlan,
  script: "stop" | "delete",
  { report, signal }: Pick<DeploySelection, "report" | "signal">,
): Promise<DeployPlan> {
  const applied: Manifests = (planned) => appliedByScript(planned, script);
  const used = plan.order.flatMap((planned) => usedImages(planned, plan.cluster, applied(planned)));
  if (used.length === 0) return plan;
  const warn = (error: PaiError, what: string): void =>
    report({
      type: "warning",
      message: `${what}: ${error.message}`,
      ...(error.location && { location: error.location }),
    });
  try {
    const digests = await findDigests(plan, used, signal);
    for (const image of used.filter(({ reference }) => !digests.has(reference)))
      warn(notFound(plan, image), `the ${script}-script goes on without it`);
    return pinned(plan, digests, applied);
  } catch (error) {
    if (!(error instanceof PaiError)) throw error;
    warn(error, `the ${script}-script's images keep their tags`);
    return plan;
  }
}

/** Names of a service's files; those that are no manifests do not count. */
type Manifests = (planned: PlannedService) => ReadonlySet<string>;

/** Rendered files, and those that `apply` or the scripts name as they are. */
function startedManifests(planned: PlannedService): ReadonlySet<string> {
  const rendered = planned.files.flatMap(({ name, template }) => (template === undefined ? [] : [name]));
  const listed = planned.service.deploy?.declarative?.apply?.map(({ name }) => name) ?? [];
  const scripts = startScripts.flatMap((script) => [...appliedByScript(planned, script)]);
  return new Set([...rendered, ...listed, ...scripts]);
}

const startScripts = ["start", "refresh", "upgraded"] as const;

function pinned(plan: DeployPlan, digests: ReadonlyMap<string, string>, manifests: Manifests): DeployPlan {
  if (plan.pin === false) return plan;
  const order = plan.order.map((planned) => {
    const names = manifests(planned);
    return {
      ...planned,
      files: planned.files.map((file) => (isPinnable(file, names) ? pinFile(file, digests) : file)),
    };
  });
  return { ...plan, order };
}

function isPinnable({ name, link }: DeployFile, names: ReadonlySet<string>): boolean {
  return link === undefined && names.has(name) && isManifestFile(name);
}

async function findDigests(
  { cluster }: DeployPlan,
  used: readonly UsedImage[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const { connect } = openRegistries([cluster.registry, ...cluster.registry.mirrors], { signal });
  const references = [...new Set(used.map((image) => image.reference))];
  // A registry that does not answer says the same of all of them: the first failure is told.
  const found = await mapAtOnce(references, { limit: lookupsAtOnce, signal }, async (reference) => {
    const { registry: host, repository, tag = "latest", digest } = parseImageReference(reference);
    return [reference, await connect(host).findDigest({ repository, tag: digest ?? tag })] as const;
  });
  return new Map(found.flatMap(([reference, digest]) => (digest === undefined ? [] : [[reference, digest]])));
}

function usedImages(
  { name, service, files }: PlannedService,
  { registry }: DeployPlan["cluster"],
  names: ReadonlySet<string>,
): UsedImage[] {
  return files
    .filter((file) => isPinnable(file, names))
    .flatMap(({ name: manifest, template, content }) => {
      const source = files.find((file) => template?.endsWith(`/${file.name}`))?.content.toString() ?? "";
      return findImages(content.toString(), registry.prefix).map(({ reference, line }) => ({
        reference,
        service: name,
        file: template ?? `${service.folder}/deploy/${manifest}`,
        line: templateLine(source, imageName(reference)) ?? line,
      }));
    });
}

export function imageName(reference: string): string {
  return parseImageReference(reference).repository.split("/").at(-1) ?? reference;
}

function templateLine(source: string, name: string): number | undefined {
  const index = source.split("\n").findIndex((line) => /image["']?\s*:/.test(line) && line.includes(name));
  return index < 0 ? undefined : index + 1;
}

function pinFile(file: DeployFile, digests: ReadonlyMap<string, string>): DeployFile {
  const text = file.content.toString();
  const pinnedText = pinImages(text, digests);
  return pinnedText === text ? file : { ...file, content: Buffer.from(pinnedText) };
}

function notFound({ services }: DeployPlan, { reference, service, file, line }: UsedImage): PaiError {
  const name = imageName(reference);
  const owner = imageOwners(services).get(name);
  return new PaiError("IMAGE_NOT_FOUND", `${service}: the image ${reference} is not in the registry`, {
    location: { file, line },
    hint:
      owner === undefined
        ? `no service of the tree makes an image ${name}`
        : `npx nx run ${owner}:push builds it and brings it there`,
  });
}
