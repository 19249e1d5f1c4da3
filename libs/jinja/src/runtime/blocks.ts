import { raise } from "../errors.ts";
import type { BlockFunction } from "../compiler/template.ts";
import { Callable } from "../values/callable.ts";
import { truthy } from "../values/compare.ts";
import { reprString } from "../values/repr.ts";
import { isString, type Kwargs, Markup, PyObject, rawString } from "../values/types.ts";
import type { Context } from "./context.ts";

/** Writes a block where it stands. */
export function runBlock(block: BlockFunction, context: Context): void {
  context.runtime.enter("block", block.name);
  block.run(context);
  context.runtime.leave();
}

/** `super()` and `self.name()`. */
class BlockReference extends Callable {
  readonly typeName = "BlockReference";
  readonly #name: string;
  readonly #context: Context;
  readonly #versions: readonly BlockFunction[];
  readonly #depth: number;

  constructor(
    name: string,
    context: Context,
    position: { readonly versions: readonly BlockFunction[]; readonly depth: number },
  ) {
    super();
    this.#name = name;
    this.#context = context;
    this.#versions = position.versions;
    this.#depth = position.depth;
  }

  call(args: readonly unknown[], kwargs: Kwargs): unknown {
    if (args.length + kwargs.size > 0)
      return raise("TypeError", "BlockReference.__call__() takes no arguments");
    const block = this.#versions[this.#depth];
    const text = block ? this.#context.runtime.capture(() => runBlock(block, this.#context)) : "";
    return truthy(this.#context.escape.autoescape) ? new Markup(text) : text;
  }

  override attribute(name: string): unknown {
    if (name === "name") return this.#name;
    return name === "super"
      ? parentBlock(this.#name, this.#context, { versions: this.#versions, depth: this.#depth + 1 })
      : undefined;
  }
}

function parentBlock(
  name: string,
  context: Context,
  position: { versions: readonly BlockFunction[]; depth: number },
): unknown {
  if (position.depth >= position.versions.length)
    return context.runtime.hinted(`there is no parent block called ${reprString(name)}.`, "super");
  return new BlockReference(name, context, position);
}

export function superBlock(name: string, current: BlockFunction, context: Context): unknown {
  const versions = context.blocks.get(name) ?? [];
  const index = versions.indexOf(current);
  return parentBlock(name, context, { versions, depth: index < 0 ? versions.length : index + 1 });
}

/** The variable `self`. */
export class TemplateReference extends PyObject {
  readonly typeName = "TemplateReference";
  readonly #context: Context;
  readonly #name: string;

  constructor(context: Context, name: string) {
    super();
    this.#context = context;
    this.#name = name;
  }

  override item(key: unknown): unknown {
    const name = isString(key) ? rawString(key) : undefined;
    const versions = name === undefined ? undefined : this.#context.blocks.get(name);
    return versions && new BlockReference(name ?? "", this.#context, { versions, depth: 0 });
  }

  override truthy(): boolean {
    return true;
  }

  override repr(): string {
    return `<TemplateReference ${reprString(this.#name)}>`;
  }
}
