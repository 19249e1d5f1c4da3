import { fillDict } from "../methods/collections.ts";
import type { Dict } from "../values/dict.ts";
import { repr } from "../values/repr.ts";
import { type Kwargs, PyObject } from "../values/types.ts";

/** The one object whose attributes a template can set. */
export class Namespace extends PyObject {
  readonly typeName = "Namespace";
  readonly #attributes: Dict = new Map();

  constructor(args: readonly unknown[], kwargs: Kwargs) {
    super();
    fillDict(this.#attributes, args, kwargs, "dict");
  }

  set(name: string, value: unknown): void {
    this.#attributes.set(name, value);
  }

  override attribute(name: string): unknown {
    return this.#attributes.get(name);
  }

  override truthy(): boolean {
    return true;
  }

  override repr(): string {
    return `<Namespace ${repr(this.#attributes)}>`;
  }
}
