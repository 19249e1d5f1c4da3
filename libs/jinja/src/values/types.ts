// The values templates work with. None is null, str a string (or Markup), int a number that is integral or a
// bigint beyond 2^53, float another number or a PyFloat, list an array, dict a Map. `undefined` never is a value:
// inside the package it means "not there".
import { raise, Raised } from "../errors.ts";

/** A float whose value JavaScript could not tell from an int: 40.0, -0.0, nan, inf. */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export class PyTuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }

  /** Named tuples answer to names, too. */
  attribute(_name: string): unknown {
    return undefined;
  }
}

/** Text that is already safe for HTML; a str in every other respect. */
export class Markup {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

export type UndefinedMode = "default" | "strict" | "chainable";

const undefinedClasses: Readonly<Record<UndefinedMode, string>> = {
  default: "Undefined",
  strict: "StrictUndefined",
  chainable: "ChainableUndefined",
};

export interface UndefinedOptions {
  readonly mode: UndefinedMode;
  readonly hint?: string;
  /** The thing that was asked; `undefined` when a variable was. */
  readonly owner?: unknown;
  readonly ownerType?: string;
  readonly name?: unknown;
  /** The names that were there, read only when an error is reported. */
  readonly candidates?: () => readonly string[];
  /** Told when it becomes text, and thus nothing. */
  readonly onText?: ((value: PyUndefined) => void) | undefined;
}

export class PyUndefined {
  readonly mode: UndefinedMode;
  readonly options: UndefinedOptions;

  constructor(options: UndefinedOptions) {
    this.mode = options.mode;
    this.options = options;
  }
}

export type Kwargs = ReadonlyMap<string, unknown>;

/** What every kind of object below offers to the operations of the language. */
export abstract class PyObject {
  abstract readonly typeName: string;

  /** `undefined` means that there is no such attribute. */
  attribute(_name: string): unknown {
    return undefined;
  }

  /** `undefined` means that there is no such item, or that the object has no items. */
  item(_key: unknown): unknown {
    return undefined;
  }

  /** `undefined` means that the object has no length. */
  length(): number | undefined {
    return undefined;
  }

  /** `undefined` means that the object is not iterable. */
  iterator(): Iterator<unknown> | undefined {
    return undefined;
  }

  truthy(): boolean {
    return this.length() !== 0;
  }

  text(): string {
    return this.repr();
  }

  repr(): string {
    return `<${this.typeName} object>`;
  }

  equals(other: unknown): boolean {
    return this === other;
  }
}

/** An iterator that is consumed once: generators, and what map, select, batch ... give. */
export class PyIterator extends PyObject {
  readonly typeName: string;
  readonly #source: Iterator<unknown>;

  constructor(source: Iterator<unknown>, typeName = "generator") {
    super();
    this.#source = source;
    this.typeName = typeName;
  }

  override iterator(): Iterator<unknown> {
    return this.#source;
  }

  override repr(): string {
    return `<${this.typeName} object at 0x7f0000000000>`;
  }
}

export class PyRange extends PyObject {
  readonly typeName = "range";
  readonly start: number;
  readonly stop: number;
  readonly step: number;

  constructor(start: number, stop: number, step: number) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  override length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }

  override *iterator(): Iterator<unknown> {
    const count = this.length();
    for (let index = 0; index < count; index++) yield this.start + index * this.step;
  }

  override attribute(name: string): unknown {
    return name === "start" || name === "stop" || name === "step" ? this[name] : undefined;
  }

  override repr(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1 ? "" : `, ${this.step}`})`;
  }

  override equals(other: unknown): boolean {
    if (!(other instanceof PyRange) || other.length() !== this.length()) return false;
    if (this.length() === 0) return true;
    return other.start === this.start && (this.length() === 1 || other.step === this.step);
  }
}

/** What `x[a:b:c]` hands to the thing that is sliced. */
export class PySlice {
  readonly start: unknown;
  readonly stop: unknown;
  readonly step: unknown;

  constructor(start: unknown, stop: unknown, step: unknown) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

export function undefinedMessage({ options }: PyUndefined): string {
  if (options.hint !== undefined && options.hint !== "") return options.hint;
  const name = options.name;
  if (options.ownerType === undefined) return `${quoted(name)} is undefined`;
  if (typeof name !== "string") return `${options.ownerType} has no element ${quoted(name)}`;
  return `${quoted(options.ownerType)} has no attribute ${quoted(name)}`;
}

function quoted(name: unknown): string {
  if (typeof name === "string")
    return name.includes("'") && !name.includes('"') ? `"${name}"` : `'${name.replaceAll("'", "\\'")}'`;
  if (typeof name === "number" || typeof name === "bigint") return String(name);
  if (name === null || name === undefined) return "None";
  if (typeof name === "boolean") return name ? "True" : "False";
  return "key";
}

export function isString(value: unknown): value is string | Markup {
  return typeof value === "string" || value instanceof Markup;
}

/** The JavaScript string of a str. */
export function rawString(value: string | Markup): string {
  return typeof value === "string" ? value : value.value;
}

export function isInt(value: unknown): value is number | bigint {
  return typeof value === "number" ? Number.isInteger(value) : typeof value === "bigint";
}

export function isFloat(value: unknown): value is number | PyFloat {
  return typeof value === "number" ? !Number.isInteger(value) : value instanceof PyFloat;
}

/** Boxes a float where JavaScript would take it for an int. */
export function toFloat(value: number): number | PyFloat {
  return Number.isFinite(value) && !Number.isInteger(value) ? value : new PyFloat(value);
}

/** The smallest form of an int: a number where it is exact. */
export function toInt(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

export function typeName(value: unknown): string {
  switch (typeof value) {
    case "string":
      return "str";
    case "number":
      return Number.isInteger(value) ? "int" : "float";
    case "bigint":
      return "int";
    case "boolean":
      return "bool";
    case "object":
    case "function":
    case "symbol":
    case "undefined":
  }
  if (value === null) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (value instanceof Map) return "dict";
  if (value instanceof PyTuple) return "tuple";
  if (value instanceof PyFloat) return "float";
  if (value instanceof Markup) return "Markup";
  if (value instanceof PyUndefined) return undefinedClasses[value.mode];
  if (value instanceof PyObject) return value.typeName;
  if (value instanceof PySlice) return "slice";
  return raise("InternalError", "a value of a kind that templates cannot hold");
}

/** Where Python keeps the types that are not built in. */
const MODULES: ReadonlyMap<string, string> = new Map([
  ["BlockReference", "jinja2.runtime."],
  ["Cycler", "jinja2.utils."],
  ["Joiner", "jinja2.utils."],
  ["LoopContext", "jinja2.runtime."],
  ["Macro", "jinja2.runtime."],
  ["Namespace", "jinja2.utils."],
  ["TemplateModule", "jinja2.environment."],
  ["TemplateReference", "jinja2.runtime."],
]);

/** The type as error messages of Jinja2 write it ("dict object", "None"). */
export function ownerName(value: unknown): string {
  if (value === null) return "None";
  const name = typeName(value);
  if (value instanceof Markup) return "markupsafe.Markup object";
  if (value instanceof PyUndefined) return `jinja2.runtime.${name} object`;
  return `${MODULES.get(name) ?? ""}${name} object`;
}

export function failUndefined(value: PyUndefined): never {
  throw undefinedError(value);
}

function undefinedError(value: PyUndefined): Raised {
  const { name, candidates } = value.options;
  return new Raised(
    "UndefinedError",
    undefinedMessage(value),
    typeof name === "string" && candidates ? { missed: { name, candidates: candidates() } } : {},
  );
}
