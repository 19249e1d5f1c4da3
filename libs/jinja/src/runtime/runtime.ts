import type { ErrorFrame, Place } from "../errors.ts";
import { raise } from "../errors.ts";
import type { Meter } from "../limits.ts";
import { attributeOf, itemOf } from "../values/access.ts";
import { PyUndefined, type UndefinedMode, type UndefinedOptions } from "../values/types.ts";
import type { CompiledTemplate } from "../compiler/template.ts";
import type { Filter } from "../filters/filter.ts";

/** What a render asks of its surroundings. */
export interface Host {
  readonly undefinedMode: UndefinedMode;
  readonly autoescape: boolean;
  readonly globals: ReadonlyMap<string, unknown>;
  filter(name: string): Filter | undefined;
  test(name: string): Filter | undefined;
  /** Compiles the template of that name; `undefined` when the loader has none. */
  load(name: string): CompiledTemplate | undefined;
}

/** The state of one render. */
export class Runtime {
  readonly host: Host;
  readonly meter: Meter;
  readonly undefinedMode: UndefinedMode;
  /** What the innermost buffer holds so far. */
  out = "";
  /** The operation that is being carried out, for errors. */
  place: Place | undefined;
  readonly stack: ErrorFrame[] = [];
  /** For what cannot import these: the methods of str are among what they look up. */
  readonly lookup = { attribute: attributeOf, item: itemOf };
  readonly modules = new Map<CompiledTemplate, unknown>();
  /** What was written before each open buffer. */
  readonly #outer: string[] = [];
  readonly #onText: UndefinedOptions["onText"];
  #written = 0;

  constructor(host: Host, meter: Meter, onText?: UndefinedOptions["onText"]) {
    this.#onText = onText;
    this.host = host;
    this.meter = meter;
    this.undefinedMode = host.undefinedMode;
  }

  write(text: string): void {
    this.#written += text.length;
    if (this.#written > this.meter.limits.outputLength)
      raise(
        "LimitError",
        `the output is longer than the limit of ${this.meter.limits.outputLength} characters`,
      );
    this.out += text;
  }

  /** Runs `body` with an empty buffer and gives what it wrote. */
  capture(body: () => void): string {
    this.#outer.push(this.out);
    this.out = "";
    body();
    const written = this.out;
    this.out = this.#outer.pop() ?? "";
    return written;
  }

  /** How many buffers are open. */
  get buffers(): number {
    return this.#outer.length;
  }

  /** Writes past the buffers that were opened after there were `buffers` of them. */
  writeThrough(text: string, buffers: number): void {
    const outer = this.#outer[buffers];
    if (outer === undefined) this.write(text);
    else this.#outer[buffers] = outer + text;
  }

  enter(kind: ErrorFrame["kind"], name: string): void {
    const { place } = this;
    if (this.stack.length >= this.meter.limits.depth)
      raise(
        "RecursionError",
        `maximum recursion depth exceeded (${kind} ${name}, limit ${this.meter.limits.depth})`,
      );
    this.meter.tick();
    this.stack.push({
      kind,
      name,
      template: place?.template ?? "",
      line: place?.line ?? 1,
      column: place?.column ?? 1,
    });
  }

  leave(): void {
    this.stack.pop();
  }

  /** What is not defined, in the mode of this render. */
  missing(options: Omit<UndefinedOptions, "mode" | "onText">): PyUndefined {
    return new PyUndefined({ ...options, mode: this.undefinedMode, onText: this.#onText });
  }

  hinted(hint: string, name?: string): PyUndefined {
    return this.missing({ hint, ...(name === undefined ? {} : { name }) });
  }
}
