import type { Context } from "../runtime/context.ts";
import { bind, type Signature, signature } from "../values/signature.ts";
import type { Kwargs } from "../values/types.ts";

/** A filter, test or global function: how it is called and what it does. */
export interface Filter {
  readonly signature: Signature;
  /** Needs the running context, so it cannot be carried out while a template is compiled. */
  readonly needsContext: boolean;
  /** Arguments stand in the order of the parameters; those not given are `undefined`. */
  readonly run: (context: Context, args: readonly unknown[]) => unknown;
}

/** `parameters` as in Python: `"do_replace(eval_ctx, s, old, new, count=)"`. */
export function defineFilter(
  parameters: string,
  body: (context: Context, ...args: unknown[]) => unknown,
): Filter {
  return {
    signature: signature(parameters),
    needsContext: /\(context\b/.test(parameters),
    run: (context, args) => body(context, ...args),
  };
}

export function callFilter(
  filter: Filter,
  args: readonly unknown[],
  kwargs: Kwargs,
  context: Context,
): unknown {
  return filter.run(context, bind(filter.signature, args, kwargs));
}
