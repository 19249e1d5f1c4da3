import type { PaiError } from "@pai/core";
import type { Cluster, Service, YamlDocument } from "@pai/model";
import type { ConfigurationFolder } from "./configuration-folder.ts";
import type { Level, Mistake } from "./finding.ts";
import type { KubernetesObject } from "./kubernetes/objects.ts";
import type { KubernetesSchema } from "./kubernetes/schema.ts";
import type { RenderedTemplate } from "./rendered-template.ts";
import type { Tree } from "./tree.ts";

export interface Rule {
  readonly id: string;
  readonly level: Level;
  /** One sentence for docs/rules.md. */
  readonly about: string;
  readonly check: (context: CheckContext) => Iterable<Mistake>;
}

/** All that rules look at. What could not be read or parsed is missing here and stands in `refusals`. */
export interface CheckContext {
  readonly tree: Tree;
  readonly services: ReadonlyMap<string, Service>;
  /** Every YAML file that commands read, by its path as findings show it. */
  readonly documents: ReadonlyMap<string, YamlDocument>;
  readonly configuration: ConfigurationFolder;
  readonly refusals: readonly Refusal[];
  /** Where `${env:NAME}` looks. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined when the configuration cannot be read. */
  readonly cluster?: Cluster | undefined;
  /** What reading the configuration refused, in the model's words. */
  readonly problems: readonly PaiError[];
  readonly templates: readonly RenderedTemplate[];
  readonly objects: readonly KubernetesObject[];
  /** What objects may hold; the bundled one when absent. */
  readonly schema?: KubernetesSchema | undefined;
}

export interface Refusal extends Mistake {
  readonly kind: "yaml" | "outside" | "unreadable" | "rendered";
}
