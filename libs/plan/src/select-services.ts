import { joinErrors, nearMisses, PaiError } from "@pai/core";
import type { Services } from "./service-graph.ts";

/** A name that nothing has becomes its lower-cased form where something has that: OpenPAI's build tool took both. */
export function asNamed(names: readonly string[], known: { has(name: string): boolean }): string[] {
  return names.map((name) => {
    const lower = name.toLowerCase();
    return !known.has(name) && known.has(lower) ? lower : name;
  });
}

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
