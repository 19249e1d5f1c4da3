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

export interface RenderOutcome {
  readonly files: readonly RenderedFile[];
  readonly failures: readonly { readonly name: string; readonly error: PaiError }[];
}

/**
 * The service's templates in the order of its template-list, with its deploy-rules in the manifests.
 * Writes nothing. Throws TEMPLATE_INVALID for each template that cannot be rendered, all at once.
 */
export async function renderService(options: RenderOptions): Promise<readonly RenderedFile[]> {
  const { files, failures } = await renderTemplates(options);
  const [first, ...more] = failures;
  if (first) throw more.length > 0 ? new AggregateError(failures.map(({ error }) => error)) : first.error;
  return files;
}

/** As `renderService`, with failures beside what could be rendered. */
export async function renderTemplates({ root, service, cluster }: RenderOptions): Promise<RenderOutcome> {
  const { templates = [], deployRules = [] } = service.deploy ?? {};
  const model = recordReads(cluster.model);
  const files: RenderedFile[] = [];
  const failures: { name: string; error: PaiError }[] = [];
  for (const { name } of templates) {
    const template = `${service.folder}/deploy/${name}.template`;
    try {
      const source = await readTemplate(root, template);
      const text = render(template, source, model);
      const reads = model.reads();
      const ruled = injectDeployRules(text, `${service.folder}/deploy/${name}`, deployRules);
      files.push({ name, template, text: ruled, reads });
    } catch (error) {
      if (!(error instanceof PaiError)) throw error;
      failures.push({ name, error });
    }
  }
  return { files, failures };
}

async function readTemplate(root: string, template: string): Promise<string> {
  try {
    return await readFile(path.join(root, template), "utf8");
  } catch (cause) {
    const location = { file: template };
    throw new PaiError("TEMPLATE_INVALID", `${template} cannot be read`, { cause, location });
  }
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
