// What goes between typescript-modules.ts and the thread that runs the modules.
import type { Machine } from "../cluster.ts";
import type { Schema } from "../schema/schema.ts";
import type { CodeFailure, CodePhase } from "./code-failure.ts";
import type { WireValue } from "./wire.ts";

export interface ThreadData {
  readonly root: string;
  readonly services: readonly ThreadService[];
  readonly machines: readonly Machine[];
  /** layout.yaml or cluster-configuration.yaml. */
  readonly layout: WireValue;
}

export interface ThreadService {
  readonly name: string;
  /** Relative to the tree root. */
  readonly file: string;
  readonly settings: WireValue;
  readonly defaults: WireValue;
  readonly overrides: WireValue;
}

/** Every service named has passed the phases before. */
export interface ThreadRequest {
  readonly phase: CodePhase;
  readonly services: readonly string[];
  /** The whole model, for the last phase. */
  readonly model?: WireValue;
}

export type ThreadMessage =
  /** The module that is worked on from now. */
  | { readonly type: "at"; readonly service: string; readonly phase: CodePhase }
  | { readonly type: "printed"; readonly service: string; readonly line: string }
  | {
      readonly type: "done";
      readonly failed: readonly CodeFailure[];
      /** What `run` gave, by service. */
      readonly values: readonly (readonly [string, WireValue])[];
      /** What a loaded module says of itself, by service. */
      readonly loaded: readonly (readonly [string, ModuleFacts])[];
    };

export interface ModuleFacts {
  readonly schema?: Schema;
  readonly secretKeys: readonly string[];
}
