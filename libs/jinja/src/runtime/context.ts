import type { BlockFunction } from "../compiler/template.ts";
import type { Runtime } from "./runtime.ts";

export type Layer = ReadonlyMap<string, unknown>;

/** The variables one template sees while it renders, and the blocks it may call. */
export class Context {
  readonly runtime: Runtime;
  /** Set at the top of the template. */
  readonly vars = new Map<string, unknown>();
  readonly exported = new Set<string>();
  /** Searched in order after `vars`. */
  readonly layers: readonly Layer[];
  /** The versions of each block, the one of the most derived template first. */
  readonly blocks: Map<string, BlockFunction[]>;
  /** Shared with the contexts derived from this one. */
  readonly escape: { autoescape: unknown };

  constructor(
    runtime: Runtime,
    layers: readonly Layer[],
    options: {
      readonly blocks?: Map<string, BlockFunction[]>;
      readonly escape?: { autoescape: unknown };
    } = {},
  ) {
    this.runtime = runtime;
    this.layers = layers;
    this.blocks = options.blocks ?? new Map();
    this.escape = options.escape ?? { autoescape: runtime.host.autoescape };
  }

  /** `undefined` when there is no such variable. */
  resolve(name: string): unknown {
    const own = this.vars.get(name);
    if (own !== undefined) return own;
    for (const layer of this.layers) {
      const found = layer.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** This context's variables as they are now, under `locals`. */
  snapshot(locals: Layer): Layer[] {
    return [
      ...(locals.size > 0 ? [locals] : []),
      ...(this.vars.size > 0 ? [new Map(this.vars)] : []),
      ...this.layers,
    ];
  }

  derived(locals: Layer): Context {
    const blocks = new Map(
      [...this.blocks].map(([name, versions]): [string, BlockFunction[]] => [name, [...versions]]),
    );
    return new Context(this.runtime, this.snapshot(locals), { blocks, escape: this.escape });
  }
}

/** The variables of one running function of a template. */
export class Activation {
  readonly slots: unknown[];
  readonly up: Activation | undefined;
  readonly context: Context;
  readonly runtime: Runtime;
  /** The buffers that were open when the function was entered. */
  readonly buffers: number;

  constructor(context: Context, size: number, up?: Activation) {
    this.context = context;
    this.runtime = context.runtime;
    this.up = up;
    this.buffers = context.runtime.buffers;
    this.slots = Array.from<unknown>({ length: size });
  }
}
