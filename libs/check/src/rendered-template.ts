/** What became of one template of a service. */
export interface RenderedTemplate extends TemplateTry {
  readonly service: string;
  /** The rendered file's name, relative to the deploy folder. */
  readonly name: string;
  /** The template, relative to the tree root. */
  readonly file: string;
}

export interface TemplateTry {
  /** Undefined when it cannot be rendered. */
  readonly text?: string;
  readonly failure?: TemplateMistake;
  /** Values that are not defined and come out empty, each place once. */
  readonly undefinedValues?: readonly TemplateMistake[];
}

export interface TemplateMistake {
  readonly kind: "syntax" | "undefined" | "other";
  readonly message: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The setting that was asked for and is not there: `["hbase", "prot"]`. */
  readonly missing: readonly string[] | undefined;
}
