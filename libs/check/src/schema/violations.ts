import { validate, type Violation } from "@pai/model";
import type { Mistake } from "../finding.ts";
import type { CheckContext } from "../rule.ts";
import { schemas } from "./index.ts";

/** What the schemas find in the files that have one. */
export function* violationsOf(
  { documents, configuration }: CheckContext,
  kind: Violation["kind"],
): Generator<Mistake> {
  const byFile = new Map([...schemas].map(([name, schema]) => [configuration.shown(name), schema]));
  for (const { file, value, locate } of documents.values()) {
    const schema = file.endsWith("/deploy/service.yaml") ? schemas.get("service.yaml") : byFile.get(file);
    if (!schema) continue;
    for (const violation of validate(value, schema)) {
      if (violation.kind === kind) yield { ...locate(violation.path), message: violation.message };
    }
  }
}
