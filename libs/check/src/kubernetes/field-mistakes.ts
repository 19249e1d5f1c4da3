import { findRemovedApi, podSpecPath } from "@pai/model";
import type { Mistake } from "../finding.ts";
import type { CheckContext } from "../rule.ts";
import { groupOf, ownKinds } from "./own-kinds.ts";
import { bundledSchema, type KubernetesSchema } from "./schema.ts";
import { validateObject, type FieldMistake } from "./validate-object.ts";

const found = new WeakMap<object, readonly FieldMistake[]>();

export function* fieldMistakes(context: CheckContext, kind: FieldMistake["kind"]): Generator<Mistake> {
  const { objects, schema = bundledSchema() } = context;
  const own = ownKinds(context);
  for (const { value, locate } of objects) {
    if (own.has(`${groupOf(String(value["apiVersion"]))}/${String(value["kind"])}`)) continue;
    const mistakes = found.get(value) ?? mistakesIn(schema, value);
    found.set(value, mistakes);
    for (const mistake of mistakes) {
      if (mistake.kind === kind) yield { ...locate(mistake.path), message: mistake.message };
    }
  }
}

function mistakesIn(
  schema: KubernetesSchema,
  value: Readonly<Record<string, unknown>>,
): readonly FieldMistake[] {
  const [apiVersion, kind] = [String(value["apiVersion"]), String(value["kind"])];
  const type = schema.kinds[`${apiVersion}/${kind}`];
  if (type !== undefined) return validateObject(schema, type, value);
  // Of a workload of a removed version, the fields of its own have changed, and those of its pods have not.
  const replacement = podSpecPath(kind) && findRemovedApi(apiVersion, kind)?.replacement;
  const today = replacement === undefined ? undefined : schema.kinds[`${replacement}/${kind}`];
  if (today === undefined) return [];
  return validateObject(schema, today, value).filter(({ path }) => path.length > 2);
}
