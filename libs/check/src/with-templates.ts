import { objectsIn } from "./kubernetes/objects.ts";
import type { RenderedTemplate, TemplateTry } from "./rendered-template.ts";
import type { CheckContext, Refusal } from "./rule.ts";
import { textIn } from "./tree.ts";

/** Adds what the templates of the services (of all, where none are named) make; who renders is handed in. */
export function withTemplates(
  context: CheckContext,
  tryTemplate: (file: string, source: string) => TemplateTry,
  names: ReadonlySet<string> = new Set(context.services.keys()),
): CheckContext {
  const refusals: Refusal[] = [...context.refusals];
  const templates: RenderedTemplate[] = [];
  const services = [...context.services.values()].filter(({ name }) => names.has(name));
  const objects = services.flatMap(({ name: service, folder, deploy }) =>
    (deploy?.templates ?? []).flatMap(({ name }) => {
      const file = `${folder}/deploy/${name}.template`;
      const source = textIn(context.tree, file);
      if (source === undefined) return [];
      const template: RenderedTemplate = { service, name, file, ...tryTemplate(file, source) };
      templates.push(template);
      const { objects: found, failure } = objectsIn(template, source);
      if (failure) refusals.push({ kind: "rendered", file, ...failure });
      return found;
    }),
  );
  return { ...context, templates, objects, refusals };
}
