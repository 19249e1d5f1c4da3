import { raise } from "./errors.ts";

export interface Limits {
  /** Nesting of includes, imports, macros, blocks and recursive loops. */
  readonly depth: number;
  /** Length of `range()`. */
  readonly rangeLength: number;
  /** Length of a string or list made by repetition, padding or formatting. */
  readonly repeatLength: number;
  /** Characters a render may write, with what is written into macros and blocks. */
  readonly outputLength: number;
  /** Bits of an int. */
  readonly integerBits: number;
  /** Milliseconds a render may take; without it there is no limit. */
  readonly timeMs: number | undefined;
}

export const DEFAULT_LIMITS: Limits = {
  depth: 150,
  rangeLength: 1_000_000,
  repeatLength: 10_000_000,
  outputLength: 50_000_000,
  integerBits: 200_000,
  timeMs: undefined,
};

/** Counts what a render uses up. */
export class Meter {
  readonly limits: Limits;
  readonly #deadline: number;
  #ticks = 0;

  constructor(limits: Limits) {
    this.limits = limits;
    this.#deadline = limits.timeMs === undefined ? Infinity : performance.now() + limits.timeMs;
  }

  /** Called once for each step that a template can repeat. */
  tick(): void {
    if ((++this.#ticks & 0xff) === 0 && this.#deadline !== Infinity && performance.now() > this.#deadline)
      raise("LimitError", `the template took longer than ${this.limits.timeMs} ms`);
  }

  repeat(length: number): void {
    if (length > this.limits.repeatLength)
      raise(
        "LimitError",
        `a result of ${length} characters or items is longer than the limit of ${this.limits.repeatLength}`,
      );
  }

  bits(bits: number): void {
    if (bits > this.limits.integerBits)
      raise(
        "LimitError",
        `an int of about ${Math.ceil(bits)} bits is larger than the limit of ${this.limits.integerBits}`,
      );
  }
}
