// Which settings the templates of all services read.
import { PaiError } from "@pai/core";
import { readServices, type Cluster, type Service } from "@pai/model";
import { selectServices } from "@pai/plan";
import { renderService, type SettingRead } from "@pai/render";
import { readConfiguration, type ReadConfigurationOptions } from "./read-configuration.ts";

export interface TemplateRead extends SettingRead {
  readonly service: string;
  /** Relative to the tree root. */
  readonly template: string;
}

export interface ConfigurationReads {
  readonly cluster: Cluster;
  readonly reads: readonly TemplateRead[];
}

/** A service whose templates cannot be rendered is left out, with a warning. */
export async function readReads(
  options: ReadConfigurationOptions & { readonly services?: readonly string[] | undefined },
): Promise<ConfigurationReads> {
  const [cluster, services] = await Promise.all([readConfiguration(options), readServices(options.root)]);
  const selected = selectServices(services, options.services).flatMap((name) => services.get(name) ?? []);
  const reads = await Promise.all(selected.map((service) => readsOf(service, cluster, options)));
  return { cluster, reads: reads.flat() };
}

async function readsOf(
  service: Service,
  cluster: Cluster,
  { root, report }: ReadConfigurationOptions,
): Promise<TemplateRead[]> {
  try {
    const files = await renderService({ root, service, cluster });
    return files.flatMap(({ template, reads }) =>
      reads.map((read) => ({ ...read, service: service.name, template })),
    );
  } catch (error) {
    const errors = (error instanceof AggregateError ? error.errors : [error]) as unknown[];
    for (const each of errors) {
      if (!(each instanceof PaiError)) throw error;
      const { message, location } = each;
      report({
        type: "warning",
        service: service.name,
        message: `what it reads is not known: ${message}`,
        ...(location ? { location } : {}),
      });
    }
    return [];
  }
}
