// The interface of src/<service>/config/<service>.ts for those who have the package and not this repository:
// the declarations of @pai/model lead to half of it. service-config-types.test.ts holds the two together.

export type PlainValue = null | boolean | number | bigint | string | readonly PlainValue[] | PlainObject;
export interface PlainObject {
  readonly [key: string]: PlainValue;
}

export interface Machine {
  readonly hostname: string;
  /** Name of the Kubernetes node; the hostname where the layout names none. */
  readonly nodeName: string;
  readonly address: string;
  /** Labels of the layout whose value is true or "true", such as `pai-master`. */
  readonly labels: readonly string[];
}

/** The part of JSON Schema (draft 2020-12) that pai reads. */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: SchemaType | readonly SchemaType[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

export type SchemaType = "object" | "array" | "string" | "boolean" | "integer" | "number" | "null";

export interface ServiceConfigInput<Settings = PlainObject> {
  readonly service: string;
  /** `config/<service>.yaml` with the service's part of services-configuration.yaml merged over it. */
  readonly settings: Settings;
  /** The two that `settings` is made of. */
  readonly defaults: PlainObject;
  readonly overrides: PlainObject;
  readonly machines: readonly Machine[];
  /** layout.yaml (or cluster-configuration.yaml) as it is written. */
  readonly layout: PlainObject;
}

/** What is wrong, one sentence each; nothing when all is well. */
export type Complaints = void | string | readonly string[];

/** All `validatePre` come first, then all `run`, then all `validatePost` with the model that the runs have made. */
export interface ServiceConfigModule<Settings = PlainObject> {
  /** What `settings` may hold, checked before anything of the module runs. */
  readonly schema?: Schema;
  validatePre?(input: ServiceConfigInput<Settings>): Complaints | Promise<Complaints>;
  /** Gives what templates see as `cluster_cfg['<service>']`. */
  run(input: ServiceConfigInput<Settings>): object | Promise<object>;
  validatePost?(input: ServiceConfigInput<Settings>, model: PlainObject): Complaints | Promise<Complaints>;
  /** Keys whose values are secret, beside those that end in password, secret or token. */
  readonly secretKeys?: readonly string[];
}
