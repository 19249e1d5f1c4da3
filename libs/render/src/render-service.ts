import { readFile } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { JinjaError, PyFloat, renderTemplate } from "@pai/jinja";
import { ModelFloat, type Cluster, type ModelValue, type Service } from "@pai/model";
import { injectDeployRules } from "./deploy-rules.ts";

/** A file of `src/<service>/deploy` as it will be applied. */
export interface RenderedFile {
  /** Relative to the deploy folder, without `.template`. */
  readonly name: string;
  /** The template, relative to the tree root. */
  readonly template: string;
  readonly text: string;
}

export interface RenderOptions {
  readonly root: string;
  readonly service: Service;
  readonly cluster: Cluster;
}

/**
 * The service's templates in the order of its template-list, with its deploy-rules in the manifests.
 * Writes nothing. Throws TEMPLATE_INVALID for each template that cannot be rendered, all at once.
 */
export async function renderService({ root, service, cluster }: RenderOptions): Promise<RenderedFile[]> {
  const { templates = [], deployRules = [] } = service.deploy ?? {};
  const context = { cluster_cfg: toPython(cluster.model) };
  const results = await Promise.allSettled(
    templates.map(async ({ name }): Promise<RenderedFile> => {
      const template = `${service.folder}/deploy/${name}.template`;
      const source = await readFile(path.join(root, template), "utf8");
      const text = render(template, source, context);
      return {
        name,
        template,
        text: injectDeployRules(text, `${service.folder}/deploy/${name}`, deployRules),
      };
    }),
  );
  const errors = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason as unknown] : [],
  );
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors);
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

function render(template: string, source: string, context: Record<string, unknown>): string {
  try {
    return renderTemplate({ name: template, source, context });
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    const { line, column, suggestion } = error;
    throw new PaiError("TEMPLATE_INVALID", `render ${template}: ${error.message}`, {
      location: {
        file: error.template,
        ...(line === undefined ? {} : { line }),
        ...(column === undefined ? {} : { column }),
        excerpt: error.excerpt(),
      },
      hint: suggestion ?? "its values come from the configuration and from src/<service>/config",
      // The message alone goes up: a cause would repeat it.
    });
  }
}

/** The model as templates see it: a float that looks like an integer has to stay a float. */
function toPython(value: ModelValue): unknown {
  if (value instanceof ModelFloat) return new PyFloat(value.value);
  if (Array.isArray(value)) return value.map((item: ModelValue) => toPython(item));
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [key, toPython(item as ModelValue)]));
  return value;
}
