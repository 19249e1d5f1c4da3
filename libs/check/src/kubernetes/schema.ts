// What objects of Kubernetes hold, by libs/check/tools/kubernetes-schema.ts from its OpenAPI description.
import { readFileSync } from "node:fs";

export interface KubernetesSchema {
  /** Of Kubernetes. */
  readonly version: string;
  /** `apps/v1/Deployment` to the name of its type. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, ObjectType>>;
}

interface ObjectType {
  /** Name of a type, `string`, `integer`, `number`, `boolean`, `scalar` (of any kind), `any`, `[]` and `{}` before them. */
  readonly fields: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
}

let bundled: KubernetesSchema | undefined;

export function kubernetesSchema(): KubernetesSchema {
  bundled ??= JSON.parse(readFileSync(new URL("./schema.json", import.meta.url), "utf8")) as KubernetesSchema;
  return bundled;
}
