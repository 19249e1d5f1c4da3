// What objects of Kubernetes hold. The bundled file is made by libs/check/tools/kubernetes-schema.ts.
import { readFileSync } from "node:fs";

export interface KubernetesSchema {
  /** Of Kubernetes. */
  readonly version: string;
  /** The server that gave it; absent for the bundled one. */
  readonly server?: string;
  /** `apps/v1/Deployment` to the name of its type. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, ObjectType>>;
}

export interface ObjectType {
  /** Name of a type, `string`, `integer`, `number`, `boolean`, `scalar` (of any kind), `any`, `[]` and `{}` before them. */
  readonly fields: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
}

let bundled: KubernetesSchema | undefined;

export function bundledSchema(): KubernetesSchema {
  bundled ??= JSON.parse(readFileSync(new URL("./schema.json", import.meta.url), "utf8")) as KubernetesSchema;
  return bundled;
}

/** `Kubernetes 1.34.4 bundled`, `Kubernetes 1.31.2 of https://…`. */
export function describeSchema({ version, server }: KubernetesSchema): string {
  return `Kubernetes ${version} ${server === undefined ? "bundled" : `of ${server}`}`;
}
