import { raise } from "../errors.ts";
import { equals } from "./compare.ts";
import type { Dict } from "./dict.ts";
import { repr } from "./repr.ts";
import { PyObject, PyTuple } from "./types.ts";

/** What `keys()`, `values()` and `items()` give: it follows the dict as that changes. */
export class DictView extends PyObject {
  readonly typeName: string;
  readonly dict: Dict;
  readonly kind: "keys" | "values" | "items";

  constructor(dict: Dict, kind: "keys" | "values" | "items") {
    super();
    this.dict = dict;
    this.kind = kind;
    this.typeName = `dict_${kind}`;
  }

  override length(): number {
    return this.dict.size;
  }

  override *iterator(): Iterator<unknown> {
    const size = this.dict.size;
    for (const [key, value] of this.dict) {
      yield this.kind === "keys" ? key : this.kind === "values" ? value : new PyTuple([key, value]);
      if (this.dict.size !== size) raise("RuntimeError", "dictionary changed size during iteration");
    }
  }

  override repr(): string {
    return `${this.typeName}(${repr(Array.from({ [Symbol.iterator]: () => this.iterator() }))})`;
  }

  override equals(other: unknown): boolean {
    if (this === other) return true;
    if (!(other instanceof DictView) || this.kind === "values" || other.kind !== this.kind) return false;
    const items = [...other.items()];
    return (
      other.dict.size === this.dict.size &&
      [...this.items()].every((item) => items.some((more) => equals(item, more)))
    );
  }

  items(): Iterable<unknown> {
    return { [Symbol.iterator]: () => this.iterator() };
  }
}
