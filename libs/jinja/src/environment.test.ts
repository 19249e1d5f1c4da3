import { expect, test } from "vitest";
import { hostFor, type Settings } from "./environment.ts";
import { failure } from "./fixtures/failure.ts";
import { defineFilter, hostFunction, JinjaEnvironment, PyFloat, renderTemplate } from "./index.ts";

const settings: Settings = {
  undefined: "default",
  trimBlocks: false,
  lstripBlocks: false,
  keepTrailingNewline: false,
  autoescape: false,
  extensions: [],
  lineStatementPrefix: undefined,
  lineCommentPrefix: undefined,
};

function compile(
  environment: JinjaEnvironment,
  source: string,
  { name = "t.j2", ...changed }: Partial<Settings> & { name?: string } = {},
): unknown {
  const all = { ...settings, ...changed };
  return environment.compileSource(name, source, all, hostFor(environment, all, undefined));
}

function render(environment: JinjaEnvironment, source: string, context = {}): string {
  return renderTemplate({ name: "t.j2", source, context, environment });
}

test("a template of the same content and settings is compiled once", () => {
  const environment = new JinjaEnvironment();
  expect(compile(environment, "{{ a }}")).toBe(compile(environment, ["{{ a", "}}"].join(" ")));
});

test.each<[string, string, Partial<Settings> & { name?: string }]>([
  ["content", "{{ b }}", {}],
  ["name", "{{ a }}", { name: "other.j2" }],
  ["kind of Undefined", "{{ a }}", { undefined: "strict" }],
  ["trimming", "{{ a }}", { trimBlocks: true }],
  ["stripping", "{{ a }}", { lstripBlocks: true }],
  ["last newline", "{{ a }}", { keepTrailingNewline: true }],
  ["escaping", "{{ a }}", { autoescape: true }],
  ["extensions", "{{ a }}", { extensions: ["do"] }],
  ["line statements", "{{ a }}", { lineStatementPrefix: "%" }],
  ["line comments", "{{ a }}", { lineCommentPrefix: "%" }],
])("another %s is another template", (_what, source, changed) => {
  const environment = new JinjaEnvironment();
  expect(compile(environment, source, changed)).not.toBe(compile(environment, "{{ a }}"));
});

test("environments share no templates", () => {
  expect(compile(new JinjaEnvironment(), "{{ a }}")).not.toBe(compile(new JinjaEnvironment(), "{{ a }}"));
});

test("what was compiled longest ago is dropped first", () => {
  const environment = new JinjaEnvironment();
  const [first, second] = [compile(environment, "first"), compile(environment, "second")];
  for (let index = 0; index < 999; index++) compile(environment, `text ${index}`);
  expect(compile(environment, "second")).toBe(second);
  expect(compile(environment, "first")).not.toBe(first);
});

test("templates that fail to compile fail again", () => {
  const environment = new JinjaEnvironment();
  expect([
    failure("{% if %}", { environment }).message,
    failure("{% if %}", { environment }).message,
  ]).toEqual([
    "Expected an expression, got 'end of statement block'",
    "Expected an expression, got 'end of statement block'",
  ]);
});

test("a filter gets and gives JavaScript values", () => {
  const environment = new JinjaEnvironment().addFilter("pair", (value: unknown, ...rest: unknown[]) => ({
    value,
    rest,
  }));
  expect(render(environment, "{{ n | pair('b', 1.5) }}", { n: 3 })).toBe("{'value': 3, 'rest': ['b', 1.5]}");
});

test("a filter that is replaced is used by templates that were rendered before", () => {
  const environment = new JinjaEnvironment().addFilter("mark", (text: string) => `${text}!`);
  expect(render(environment, "{{ 'a' | mark }}")).toBe("a!");
  environment.addFilter("mark", (text: string) => `${text}?`);
  expect(render(environment, "{{ 'a' | mark }}")).toBe("a?");
});

test("a filter of one environment is unknown to another", () => {
  new JinjaEnvironment().addFilter("mark", (text: string) => text);
  expect(failure("{{ 'a' | mark }}").message).toBe("No filter named 'mark'.");
});

test("a filter with Python's parameters takes keywords and refuses what Python refuses", () => {
  const repeat = defineFilter("repeat(value, times=)", (_context, value, times) =>
    String(value).repeat(Number(times ?? 2)),
  );
  const environment = new JinjaEnvironment().addFilter("repeat", hostFunction(repeat));
  expect(render(environment, "{{ 'a' | repeat }} {{ 'a' | repeat(3) }} {{ 'a' | repeat(times=4) }}")).toBe(
    "aa aaa aaaa",
  );
  expect(failure("{{ 'a' | repeat(often=1) }}", { environment }).message).toBe(
    "repeat() got an unexpected keyword argument 'often'",
  );
});

test("a test and a global are added like a filter", () => {
  const environment = new JinjaEnvironment()
    .addTest("port", (value: number) => value > 0 && value < 65_536)
    .addGlobal("ratio", new PyFloat(2))
    .addGlobal("double", (value: number) => value * 2);
  expect(render(environment, "{{ 80 is port }} {{ 0 is port }} {{ ratio }} {{ double(n) }}", { n: 4 })).toBe(
    "True False 2.0 8",
  );
  expect(failure("{{ double(value=1) }}", { environment }).message).toBe(
    "double() takes no keyword arguments",
  );
});

test("the context hides a global, and does not change it", () => {
  const environment = new JinjaEnvironment().addGlobal("where", "global");
  expect(render(environment, "{{ where }}", { where: "context" })).toBe("context");
  expect(render(environment, "{{ where }}")).toBe("global");
});

test("a filter that gives what templates cannot hold is refused", () => {
  const environment = new JinjaEnvironment().addFilter("leak", () => process);
  expect(failure("{{ 1 | leak }}", { environment }).type).toBe("TypeError");
});
