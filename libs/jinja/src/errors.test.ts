import { expect, test } from "vitest";
import { JinjaError } from "./errors.ts";
import { failure } from "./fixtures/failure.ts";
import { memoryLoader } from "./index.ts";

const at = { type: "TypeError", message: "no", template: "t.j2" } as const;

test("an error without a place names its template", () => {
  expect(new JinjaError(at).format()).toBe("TypeError: no\n  in t.j2");
});

test("an error whose source is not known names its place", () => {
  expect(new JinjaError({ ...at, line: 3 }).format()).toBe("TypeError: no\n  at t.j2:3");
  expect(new JinjaError({ ...at, line: 3, column: 4 }).format()).toBe("TypeError: no\n  at t.j2:3:4");
});

test("the line of the statement is the line itself where nothing else is said", () => {
  expect(new JinjaError({ ...at, line: 3 }).statementLine).toBe(3);
  expect(new JinjaError({ ...at, line: 3, statementLine: 2 }).statementLine).toBe(2);
});

test("the caret keeps the tabs before it, so that it stands below its column", () => {
  const error = new JinjaError({ ...at, line: 12, column: 4, sourceLine: "\ta\t{{ x }}" });
  expect(error.excerpt()).toEqual(["12 | \ta\t{{ x }}", "   | \t \t^"]);
});

test("a caret far to the right of a long line is brought into view", () => {
  const sourceLine = `${"-".repeat(300)}X${"-".repeat(300)}`;
  const [source = "", caret = ""] = new JinjaError({ ...at, line: 1, column: 301, sourceLine }).excerpt();
  expect(source.startsWith("1 | ...---")).toBe(true);
  expect(source.length).toBeLessThan(120);
  expect(caret.indexOf("^")).toBe(source.indexOf("X"));
});

test("a syntax error stands in its line", () => {
  expect(failure("a\n{% if %}\n").format())
    .toBe(`TemplateSyntaxError: Expected an expression, got 'end of statement block'
  at main.j2:2:7
  2 | {% if %}
    |       ^`);
});

test("an error in an include says which templates led to it, innermost first", () => {
  const loader = memoryLoader({
    "outer.j2": "{% block body %}\n  {% include 'inner.j2' %}{% endblock %}",
    "inner.j2": "x\n{{ 1 // 0 }}",
  });
  expect(failure("\n{% include 'outer.j2' %}", { loader }).format())
    .toBe(`ZeroDivisionError: integer division or modulo by zero
  at inner.j2:2:6
  2 | {{ 1 // 0 }}
    |      ^
  called from outer.j2:2:14 (include inner.j2)
  called from outer.j2:1:4 (block body)
  called from main.j2:2:12 (include outer.j2)`);
});

test("a template that extends another is part of the way to the error", () => {
  const loader = memoryLoader({ "base.j2": "{% block a %}{% endblock %}\n{{ none.x.y }}" });
  const error = failure("{% extends 'base.j2' %}", { loader });
  expect([error.template, error.line]).toEqual(["base.j2", 2]);
  expect(error.frames).toEqual([
    { kind: "extends", name: "base.j2", template: "main.j2", line: 1, column: 12 },
  ]);
});

test("an error in a tag over many lines stands in the line of its operation", () => {
  const error = failure("{{ [1,\n 2,\n 1 / 0] }}");
  expect([error.line, error.statementLine]).toEqual([3, 1]);
});

const secret = "s3cr3t-value";

test.each([
  "{{ s + 1 }}",
  "{{ 1 + s }}",
  "{{ s % 3 }}",
  "{{ s ** 2 }}",
  "{{ -s }}",
  "{{ s < 1 }}",
  "{{ 1 in 5 or s }}",
  "{{ s.missing.deeper }}",
  "{{ s['missing'].deeper }}",
  "{{ s() }}",
  "{{ s.upper(s) }}",
  "{{ s.index('zz') }}",
  "{{ s.split('') }}",
  "{{ s | dictsort }}",
  "{{ s | abs }}",
  "{{ s | round }}",
  "{{ s | sum }}",
  "{{ [1] | slice(s) | list }}",
  "{{ range(s) }}",
  "{{ d.password.x.y }}",
  "{{ d.pasword.x }}",
  "{{ d | sum }}",
  "{{ d() }}",
  "{{ [d] | sort(attribute='password.x.y') | first + 1 }}",
  "{% for a, b in d.values() %}{% endfor %}",
  "{% set a, b = [s] %}",
  "{% include d %}",
  "{{ '%d' | format(s) }}",
  "{{ '{:d}'.format(s) }}",
  "{{ {}.get(d) }}",
])("%s fails without a word of the context", (source) => {
  const error = failure(source, {
    context: { s: secret, d: { password: secret } },
    loader: memoryLoader({}),
  });
  expect(error.format()).not.toContain(secret);
  expect(JSON.stringify(error)).not.toContain(secret);
  expect(error.type).not.toBe("InternalError");
});
