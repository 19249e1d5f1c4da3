// Objects that a script has made become a service's own, as they are: they get its label, and their fields
// change hands from kubectl.
import {
  applyAll,
  applySetOf,
  configurationHash,
  describeObject,
  fieldsOnlyOfKubectl,
  marks,
  planObjects,
  scopeOf,
  takeOverFromKubectl,
  withAdoptedHash,
  writeScope,
  refOf,
  type KubernetesObject,
  type PlannedObject,
  type WantedObject,
} from "@pai/kubernetes";
import type { DeployRun } from "../run.ts";
import { toolVersion } from "../version.ts";

/** Its pods already have the configuration: no hash in their template, which would restart them. */
export function adopted({ location, ...object }: WantedObject, all: readonly WantedObject[]): WantedObject {
  const hash = configurationHash(object, all);
  return { ...(hash === undefined ? object : withAdoptedHash(object, hash)), location };
}

export function planAdoption(
  { connection }: DeployRun,
  wanted: readonly WantedObject[],
  name: string,
): Promise<PlannedObject[]> {
  const { manager } = applySetOf(name, toolVersion);
  const prepare = (object: KubernetesObject): KubernetesObject => object;
  return planObjects({ objects: connection.objects, manager, wanted, takeOver: true, prepare });
}

const adoptionFields = new Set([
  `metadata.labels[${marks.partOf}]`,
  `metadata.annotations[${marks.adopted}]`,
]);

export function isMereAdoption({ change, fields }: PlannedObject): boolean {
  return (
    change === "unchanged" || (change === "change" && fields.every(({ path: at }) => adoptionFields.has(at)))
  );
}

export async function adopt(
  { connection, signal }: DeployRun,
  wanted: readonly WantedObject[],
  name: string,
): Promise<void> {
  const { objects } = connection;
  const set = applySetOf(name, toolVersion);
  await writeScope(objects, set, scopeOf(wanted.map(refOf)));
  const applied = await applyAll({ objects, set, wanted, takeOver: true, signal });
  for (const object of applied) await takeOverFromKubectl(objects, object);
}

/** Jobs that could not be changed, as nothing lets pai make them anew. Scripts delete them first. */
export function fixedJobs(wanted: readonly WantedObject[]): string[] {
  return wanted
    .filter(({ kind, metadata }) => kind === "Job" && metadata.annotations?.[marks.recreate] !== "true")
    .map(({ kind, metadata }) => describeObject({ kind, ...metadata }));
}

/** Fields in the cluster that no manifest has. */
export function keptFields(planned: readonly PlannedObject[], wanted: readonly WantedObject[]): string[] {
  return planned.flatMap(({ ref, live }, index) => {
    const object = wanted[index];
    if (!live || !object) return [];
    return fieldsOnlyOfKubectl(live, object).map((field) => `${describeObject(ref)}: ${field}`);
  });
}
