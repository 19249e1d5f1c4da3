import type { RenderedTemplate } from "../rendered-template.ts";

/** One Kubernetes object of a rendered manifest. */
export interface KubernetesObject {
  readonly template: RenderedTemplate;
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a field of it stands in its template, as near as a template tells. */
  readonly locate: (path: readonly (string | number)[]) => {
    readonly line: number;
    readonly column?: number;
  };
}
