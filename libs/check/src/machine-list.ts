import { isModelList, isModelObject, type ModelObject, type YamlDocument, type YamlPath } from "@pai/model";
import type { CheckContext } from "./rule.ts";

export interface PlacedMachine {
  readonly machine: ModelObject;
  readonly document: YamlDocument;
  readonly path: YamlPath;
}

/** The file that lists the machines; layout.yaml wins, as in the model. */
export function machineFile({ documents, configuration }: CheckContext): YamlDocument | undefined {
  const names = ["layout.yaml", "cluster-configuration.yaml"].map(configuration.shown);
  return names.map((name) => documents.get(name)).find((document) => document !== undefined);
}

/** The entries of machine-list that are maps. */
export function machinesOf(context: CheckContext): PlacedMachine[] {
  const document = machineFile(context);
  const list = isModelObject(document?.value) ? document.value.get("machine-list") : undefined;
  if (!document || !isModelList(list)) return [];
  return list.flatMap((machine, index) =>
    isModelObject(machine) ? [{ machine, document, path: ["machine-list", index] }] : [],
  );
}

/** Labels that machines carry with the value "true", which is the one that counts. */
export function labelsOf(context: CheckContext): ReadonlySet<string> {
  return new Set(
    machinesOf(context).flatMap(({ machine }) =>
      [...machine].flatMap(([key, value]) => (value === "true" ? [key] : [])),
    ),
  );
}

/** Machines that say the same as an earlier one under the key. */
export function* repeated(
  context: CheckContext,
  key: string,
): Generator<{ readonly value: string; readonly at: PlacedMachine; readonly first: PlacedMachine }> {
  const seen = new Map<string, PlacedMachine>();
  for (const at of machinesOf(context)) {
    const value = at.machine.get(key);
    if (typeof value !== "string") continue;
    const first = seen.get(value);
    if (first) yield { value, at, first };
    else seen.set(value, at);
  }
}
