import { joinErrors, nearMisses, PaiError } from "@pai/core";
import type { Services } from "./service-graph.ts";

/**
 * The named services, each once; all of them when no names are given or one of them is `all` (and no service
 * has that name). Throws UNKNOWN_SERVICE for every name that is none.
 */
export function selectServices(services: Services, names: readonly string[] = []): string[] {
  if (names.length === 0 || (names.includes("all") && !services.has("all"))) return [...services.keys()];
  const unknown = names
    .filter((name) => !services.has(name))
    .map((name) => {
      const near = nearMisses(name, services.keys()).map((each) => `"${each}"`);
      return new PaiError("UNKNOWN_SERVICE", `there is no service "${name}" in src`, {
        hint: near.length > 0 ? `did you mean ${near.join(" or ")}?` : "services are the folders of src",
      });
    });
  if (unknown.length > 0) throw joinErrors(unknown);
  return [...new Set(names)];
}
