/** What became of one template of a service. */
export interface RenderedTemplate {
  readonly service: string;
  /** The rendered file's name, relative to the deploy folder. */
  readonly name: string;
  /** The template, relative to the tree root. */
  readonly file: string;
  /** Undefined when it cannot be rendered. */
  readonly text?: string;
  readonly failure?: TemplateFailure;
  /** What strict mode refuses beyond that: a value that is not defined and comes out empty. */
  readonly undefinedValue?: TemplateFailure;
}

export interface TemplateFailure {
  readonly kind: "syntax" | "missing-key" | "other";
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly message: string;
}
