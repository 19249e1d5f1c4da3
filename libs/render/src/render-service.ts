import { readFile } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import { JinjaError, renderTemplate } from "@pai/jinja";
import type { Cluster, Service } from "@pai/model";
import { injectDeployRules } from "./deploy-rules.ts";
import { recordReads, type RecordedModel, type SettingRead } from "./record-reads.ts";

/** A file of `src/<service>/deploy` as it will be applied. */
export interface RenderedFile {
  /** Relative to the deploy folder, without `.template`. */
  readonly name: string;
  /** The template, relative to the tree root. */
  readonly template: string;
  readonly text: string;
  /** The settings that its template read, line by line. */
  readonly reads: readonly SettingRead[];
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
  const model = recordReads(cluster.model);
  const results = await Promise.allSettled(
    templates.map(async ({ name }): Promise<RenderedFile> => {
      const template = `${service.folder}/deploy/${name}.template`;
      const source = await readFile(path.join(root, template), "utf8");
      const text = render(template, source, model);
      const reads = model.reads();
      return {
        name,
        template,
        text: injectDeployRules(text, `${service.folder}/deploy/${name}`, deployRules),
        reads,
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

function render(template: string, source: string, { view, begin }: RecordedModel): string {
  try {
    return renderTemplate({ name: template, source, context: { cluster_cfg: view }, onStart: begin });
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
