import type { Mistake } from "../finding.ts";
import type { CheckContext } from "../rule.ts";
import { groupOf, ownKinds } from "./own-kinds.ts";
import { bundledSchema } from "./schema.ts";
import { validateObject, type FieldMistake } from "./validate-object.ts";

const found = new WeakMap<object, readonly FieldMistake[]>();

export function* fieldMistakes(context: CheckContext, kind: FieldMistake["kind"]): Generator<Mistake> {
  const { objects, schema = bundledSchema() } = context;
  const own = ownKinds(context);
  for (const { value, locate } of objects) {
    const apiVersion = String(value["apiVersion"]);
    const type = schema.kinds[`${apiVersion}/${String(value["kind"])}`];
    if (type === undefined || own.has(`${groupOf(apiVersion)}/${String(value["kind"])}`)) continue;
    const mistakes = found.get(value) ?? validateObject(schema, type, value);
    found.set(value, mistakes);
    for (const mistake of mistakes) {
      if (mistake.kind === kind) yield { ...locate(mistake.path), message: mistake.message };
    }
  }
}
