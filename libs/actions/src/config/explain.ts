import { maskModel, type ModelValue } from "@pai/model";
import { createOriginFinder, valueAt, type Origin } from "./origin.ts";
import { readReads } from "./reads.ts";
import type { ReadConfigurationOptions } from "./read-configuration.ts";

export interface ExplainedSetting {
  /** `hbase.port`; `layout.machine-list.*` for a map that is read as a whole. */
  readonly key: string;
  /** Secrets are masked; undefined when it is not set. */
  readonly value: ModelValue | undefined;
  readonly origin: Origin;
  /** Where it is read. */
  readonly places: readonly { readonly template: string; readonly line: number }[];
}

/** Every setting that the service's templates read, in alphabetical order, and where it comes from. */
export async function explainService(
  service: string,
  options: ReadConfigurationOptions,
): Promise<readonly ExplainedSetting[]> {
  const { cluster, reads } = await readReads({ ...options, services: [service] });
  const shown = maskModel(cluster);
  const originOf = createOriginFinder({ ...options, cluster });
  const byKey = Map.groupBy(reads, ({ path, extent }) =>
    [...path, ...(extent === "whole" ? ["*"] : [])].join("."),
  );
  return [...byKey]
    .map(([key, found]) => {
      const { path = [] } = found[0] ?? {};
      const places = found.map(({ template, line }) => ({ template, line }));
      return { key, value: valueAt(shown, path), origin: originOf(path), places };
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
