// The interface of src/<service>/config/<service>.ts. docs/configuration.md describes it to its writers.
import type { Machine } from "../cluster.ts";
import type { Schema } from "../schema/schema.ts";
import type { PlainObject, PlainValue } from "./plain.ts";

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

/**
 * Code of a service's configuration. All `validatePre` come first, then all `run`, then all `validatePost`
 * with the model that the runs have made. Export the functions, or an object with them as default.
 */
export interface ServiceConfigModule<Settings = PlainObject> {
  /**
   * What `settings` may hold, checked before anything of the module runs. A key that it does not name is
   * legal, unless it looks like one of them misspelt or `additionalProperties` is false.
   */
  readonly schema?: Schema;
  validatePre?(input: ServiceConfigInput<Settings>): Complaints | Promise<Complaints>;
  /** Gives what templates see as `cluster_cfg['<service>']`. */
  run(input: ServiceConfigInput<Settings>): object | Promise<object>;
  validatePost?(input: ServiceConfigInput<Settings>, model: PlainObject): Complaints | Promise<Complaints>;
  /** Keys whose values are secret, beside those that end in password, secret or token. */
  readonly secretKeys?: readonly string[];
}

export type { PlainObject, PlainValue };
