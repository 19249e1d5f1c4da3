import { formatError, PaiError } from "@pai/core";
import { expect, test } from "vitest";
import type { Status } from "../api-error.ts";
import { conflictsIn, refusalError } from "./refusal.ts";

const location = { file: "src/a/deploy/a.yaml.template", line: 4 };
const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d", namespace: "n" } };
const conflict = (field: string, message: string): Status => ({
  details: { causes: [{ reason: "FieldManagerConflict", field, message }] },
});
const textOf = (code: number, status: Status): string =>
  formatError(
    refusalError(
      object,
      { state: "refused", code, status, error: new PaiError("APPLY_REJECTED", "apply: as the server says") },
      location,
    ),
  );

test.each([
  ['conflict with "hpa" using apps/v1', { manager: "hpa" }],
  [
    'conflict with "scaler" with subresource "scale" using apps/v1',
    { manager: "scaler", subresource: "scale" },
  ],
  ['conflict with "operator"', { manager: "operator" }],
])("reads who set a field from %j", (message, expected) => {
  expect(conflictsIn(conflict(".spec.replicas", message))).toEqual([
    { field: ".spec.replicas", ...expected },
  ]);
});

test("tells the field, who set it, and where the manifest is", () => {
  expect(textOf(409, conflict(".spec.replicas", 'conflict with "hpa" using apps/v1')))
    .toBe(`error[APPLY_REJECTED]: Deployment n/d: others have set fields that the manifest sets, too
  --> src/a/deploy/a.yaml.template:4
  .spec.replicas   is set by hpa
  hint: take them out of the manifest, or set them for good: paictl service start --take-over`);
});

test("another service's object is told as such", () => {
  const field = ".metadata.labels.applyset.kubernetes.io/part-of";
  expect(textOf(409, conflict(field, 'conflict with "pai-service-store"'))).toContain(
    "Deployment n/d belongs to the service store\n",
  );
});

test("a missing namespace, and what the server finds wrong in fields", () => {
  expect(textOf(404, { details: { kind: "namespaces" } })).toContain("there is no namespace n");
  const causes = [{ field: "spec.template", message: 'Invalid value: {"a":{}}: field is immutable' }];
  expect(textOf(422, { details: { causes } })).toContain("  spec.template: field is immutable");
});
