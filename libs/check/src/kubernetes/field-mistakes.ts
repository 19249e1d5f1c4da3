import type { Mistake } from "../finding.ts";
import type { CheckContext } from "../rule.ts";
import { kubernetesSchema } from "./schema.ts";
import { validateObject, type FieldMistake } from "./validate-object.ts";

const found = new WeakMap<object, readonly FieldMistake[]>();

export function* fieldMistakes({ objects }: CheckContext, kind: FieldMistake["kind"]): Generator<Mistake> {
  const schema = kubernetesSchema();
  for (const { value, locate } of objects) {
    const type = schema.kinds[`${String(value["apiVersion"])}/${String(value["kind"])}`];
    if (type === undefined) continue;
    const mistakes = found.get(value) ?? validateObject(schema, type, value);
    found.set(value, mistakes);
    for (const mistake of mistakes) {
      if (mistake.kind === kind) yield { ...locate(mistake.path), message: mistake.message };
    }
  }
}
