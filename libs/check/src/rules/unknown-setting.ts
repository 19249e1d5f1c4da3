import { nearMisses } from "@pai/core";
import { isModelObject, type ModelObject, type YamlDocument, type YamlPath } from "@pai/model";
import type { Mistake } from "../finding.ts";
import { servicesConfigurationSchema } from "../schema/configuration.ts";
import type { Rule } from "../rule.ts";

export const unknownSetting: Rule = {
  id: "unknown-setting",
  level: "warning",
  about:
    "services-configuration.yaml sets something for a service, or a key of one, whose name is nearly that of a known one.",
  *check({ documents, configuration, tree }) {
    const document = documents.get(configuration.shown("services-configuration.yaml"));
    const services = document?.value;
    if (!document || !isModelObject(services)) return;
    const folders = tree.list("src").map(({ name }) => name);
    const known = new Set([...folders, ...Object.keys(servicesConfigurationSchema.properties ?? {})]);
    for (const [service, settings] of services) {
      if (known.has(service)) {
        const defaults = [service, service.replaceAll("-", "_")].map(
          (stem) => documents.get(`src/${service}/config/${stem}.yaml`)?.value,
        );
        const found = defaults.find(isModelObject);
        if (found && isModelObject(settings)) yield* nearKeys(document, [service], settings, found);
        continue;
      }
      const [near] = nearMisses(
        service,
        [...known].filter((name) => !services.has(name)),
      );
      if (near !== undefined)
        yield {
          ...document.locate([service]),
          message: `"${service}" is no service; did you mean "${near}"?`,
        };
    }
  },
};

function* nearKeys(
  document: YamlDocument,
  path: YamlPath,
  settings: ModelObject,
  defaults: ModelObject,
): Generator<Mistake> {
  for (const [key, value] of settings) {
    const at = [...path, key];
    const default_ = defaults.get(key);
    if (isModelObject(value) && isModelObject(default_)) yield* nearKeys(document, at, value, default_);
    if (defaults.has(key)) continue;
    const [near] = nearMisses(
      key,
      [...defaults.keys()].filter((name) => !settings.has(name)),
    );
    if (near !== undefined) {
      yield {
        ...document.locate(at),
        message: `${path.join(".")} has no default for "${key}"; did you mean "${near}"?`,
      };
    }
  }
}
