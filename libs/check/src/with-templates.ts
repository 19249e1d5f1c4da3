import { objectsIn } from "./kubernetes/objects.ts";
import type { RenderedTemplate, TemplateTry } from "./rendered-template.ts";
import type { CheckContext, Refusal } from "./rule.ts";
import { textIn } from "./tree.ts";

/** Adds what the templates of the services make; who renders them is handed in. */
export function withTemplates(
  context: CheckContext,
  tryTemplate: (file: string, source: string) => TemplateTry,
): CheckContext {
  const refusals: Refusal[] = [...context.refusals];
  const templates: RenderedTemplate[] = [];
  const objects = [...context.services.values()].flatMap(({ name: service, folder, deploy }) =>
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
