import { expect, test } from "vitest";
import { failure } from "./fixtures/failure.ts";
import { type Limits, memoryLoader, renderTemplate } from "./index.ts";

const loader = memoryLoader({ itself: "{% include 'itself' %}" });
const context = { n: 12, s: "ab", big: 1000 };

const refusals: readonly (readonly [string, Partial<Limits>, string, string])[] = [
  [
    "includes of itself",
    { depth: 5 },
    "{% include 'itself' %}",
    "RecursionError: maximum recursion depth exceeded (include itself, limit 5)",
  ],
  [
    "a macro that calls itself",
    { depth: 5 },
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "RecursionError: maximum recursion depth exceeded (macro m, limit 5)",
  ],
  [
    "a recursive loop",
    { depth: 5 },
    "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "RecursionError: maximum recursion depth exceeded (loop recursive, limit 5)",
  ],
  [
    "a range",
    { rangeLength: 10 },
    "{{ range(n) | list }}",
    "LimitError: a range of 12 items is longer than the limit of 10",
  ],
  [
    "a repeated text",
    { repeatLength: 10 },
    "{{ s * n }}",
    "LimitError: a result of 24 characters or items is longer than the limit of 10",
  ],
  [
    "a repeated list",
    { repeatLength: 10 },
    "{{ [s] * n }}",
    "LimitError: a result of 12 characters or items is longer than the limit of 10",
  ],
  [
    "a padded text",
    { repeatLength: 10 },
    "{{ s.ljust(n) }}",
    "LimitError: a result of 12 characters or items is longer than the limit of 10",
  ],
  [
    "a width in a format",
    { repeatLength: 10 },
    "{{ '%*d' | format(n, 1) }}",
    "LimitError: a result of 12 characters or items is longer than the limit of 10",
  ],
  [
    "the output",
    { outputLength: 10 },
    "{% for i in range(n) %}{{ s }}{% endfor %}",
    "LimitError: the output is longer than the limit of 10 characters",
  ],
  [
    "what a block wrote and nobody prints",
    { outputLength: 10 },
    "{% set x %}{% for i in range(n) %}{{ s }}{% endfor %}{% endset %}",
    "LimitError: the output is longer than the limit of 10 characters",
  ],
  [
    "a power",
    { integerBits: 64 },
    "{{ n ** big }}",
    "LimitError: an int of about 4000 bits is larger than the limit of 64",
  ],
  [
    "time",
    { timeMs: 10 },
    "{% for i in range(1000000) %}{% for j in range(1000000) %}{% endfor %}{% endfor %}",
    "LimitError: the template took longer than 10 ms",
  ],
  [
    "the time of filler text",
    { timeMs: 10 },
    "{{ lipsum(n=10**9, min=0, max=10**9) }}",
    "LimitError: the template took longer than 10 ms",
  ],
  [
    "filler text",
    { repeatLength: 5 },
    "{{ lipsum(n=10**9, min=0, max=1, html=false) }}",
    "LimitError: a result of 6 characters or items is longer than the limit of 5",
  ],
];

test.each(refusals)("%s past the limit is refused", (_what, limits, source, text) => {
  const error = failure(source, { context, loader, limits });
  expect(`${error.type}: ${error.message}`).toBe(text);
  expect(error.line).toBe(1);
});

const kept: readonly (readonly [string, Partial<Limits>, string, string])[] = [
  ["a range", { rangeLength: 12 }, "{{ range(n) | length }}", "12"],
  ["a filler text", { repeatLength: 3 }, "{{ lipsum(n=3, min=0, max=1, html=false) | length }}", "7"],
  ["a repetition", { repeatLength: 24 }, "{{ (s * n) | length }}", "24"],
  ["an output", { outputLength: 24 }, "{% for i in range(n) %}{{ s }}{% endfor %}", "ab".repeat(12)],
  ["an int", { integerBits: 64 }, "{{ 2 ** (2 * n) }}", "16777216"],
  [
    "a nesting",
    { depth: 2 },
    "{% macro m(i) %}{{ i }}{% if i %}{{ m(i - 1) }}{% endif %}{% endmacro %}{{ m(1) }}",
    "10",
  ],
  ["a time", { timeMs: 60_000 }, "{% for i in range(n) %}{{ i }}{% endfor %}", "01234567891011"],
];

test.each(kept)("%s within the limit is rendered", (_what, limits, source, text) => {
  expect(renderTemplate({ name: "main", source, context, loader, limits })).toBe(text);
});

test("what is known when a template is compiled is held to the limits, too", () => {
  expect(failure("{{ 'a' * 100000000 }}").type).toBe("LimitError");
  expect(failure("{{ 10 ** 100000 }}").type).toBe("LimitError");
});

test("a limit that was reached names its callers at both ends only", () => {
  const { frames } = failure("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}");
  expect(frames).toHaveLength(20);
  expect(new Set(frames.map(({ name }) => name))).toEqual(new Set(["m"]));
});
