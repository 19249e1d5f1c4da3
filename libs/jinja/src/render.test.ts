import { expect, test } from "vitest";
import { failure } from "./fixtures/failure.ts";
import { memoryLoader, PyFloat, renderTemplate } from "./index.ts";

test("plain objects, Maps, boxed floats and big ints are dicts, floats and ints", () => {
  const context = { plain: { b: 1 }, map: new Map([["k", new PyFloat(40)]]), big: 2n ** 70n };
  expect(renderTemplate({ name: "t", source: "{{ plain }} {{ map.k }} {{ big }}", context })).toBe(
    "{'b': 1} 40.0 1180591620717411303424",
  );
});

test("a missed key is reported with its place, its caret and the key that was meant", () => {
  const error = failure("a: 1\nb: {{ cluster['hbase'].prot.x }}\n", {
    context: { cluster: { hbase: { port: 1 } } },
  });
  expect(error.format()).toBe(`UndefinedError: 'dict object' has no attribute 'prot'
  at main.j2:2:29
  2 | b: {{ cluster['hbase'].prot.x }}
    |                             ^
  hint: did you mean 'port'?`);
});

test("an error inside an included macro names every caller", () => {
  const loader = memoryLoader({ "lib.j2": "{% macro m(a) %}\n{{ a + 1 }}{% endmacro %}" });
  const error = failure("{% from 'lib.j2' import m %}\n  {{ m('x') }}", { loader });
  expect([error.type, error.template, error.line, error.column]).toEqual(["TypeError", "lib.j2", 2, 6]);
  expect(error.frames).toEqual([{ kind: "macro", name: "m", template: "main.j2", line: 2, column: 7 }]);
});

test("a JavaScript function in the context is refused by name", () => {
  expect(failure("{{ a }}", { context: { a: { f: () => 1 } } }).message).toBe(
    "context.a.f is a function, which templates cannot hold",
  );
});

test.each([
  [36, "zz", "1295"],
  [32, "v3", "995"],
  [4, "321", "57"],
  [7, "12", "9"],
  [16, "1_f", "31"],
  [16, "g", "none"],
  [3, "1".repeat(4300), "8"],
  // Python reads no more digits of a base that is no power of two.
  [36, "z".repeat(4301), "none"],
  [16, "f".repeat(90_000), "15"],
])("digits of base %i are read as Python does", (base, text, expected) => {
  // Of a large number only the last four bits, as Python prints none of more than 4300 digits.
  const source = `{% set v = text | int('none', base=${base}) %}{{ v if v is string or v < 10000 else v % 16 }}`;
  expect(renderTemplate({ name: "t", source, context: { text } })).toBe(expected);
});
