import { expect, test } from "vitest";
import { failure } from "./fixtures/failure.ts";
import { renderTemplate } from "./index.ts";
import type { UndefinedMode } from "./values/types.ts";

/** What each mode makes of a template: its text, or the error. */
function outcomes(source: string): readonly string[] {
  const modes: readonly UndefinedMode[] = ["default", "strict", "chainable"];
  return modes.map((mode) => {
    const options = { context: { d: {} }, undefined: mode };
    try {
      return renderTemplate({ name: "main.j2", source, ...options });
    } catch {
      const { type, message } = failure(source, options);
      return `${type}: ${message}`;
    }
  });
}

const NAME = "UndefinedError: 'a' is undefined";
const KEY = "UndefinedError: 'dict object' has no attribute 'a'";

test.each([
  ["printing", "[{{ a }}]", ["[]", NAME, "[]"]],
  ["printing a key", "[{{ d.a }}]", ["[]", KEY, "[]"]],
  ["an attribute of it", "[{{ a.b }}]", [NAME, NAME, "[]"]],
  ["an item of it", "[{{ d['a']['b'] }}]", [KEY, KEY, "[]"]],
  ["a loop", "[{% for i in a %}{% else %}none{% endfor %}]", ["[none]", NAME, "[none]"]],
  ["a condition", "{% if a %}yes{% else %}no{% endif %}", ["no", NAME, "no"]],
  ["a comparison", "{{ a == 1 }}", ["False", NAME, "False"]],
  ["joining", "{{ a ~ 'x' }}", ["x", NAME, "x"]],
  ["arithmetic", "{{ a + 1 }}", [NAME, NAME, NAME]],
  ["a call", "{{ a() }}", [NAME, NAME, NAME]],
  ["its length", "{{ a | length }}", ["0", NAME, "0"]],
  ["default", "{{ a | default('x') }}", ["x", "x", "x"]],
  ["default of what lies deeper", "{{ a.b | default('x') }}", [NAME, NAME, "x"]],
  ["asking", "{{ a is defined }} {{ d.a is undefined }}", ["False True", "False True", "False True"]],
])("%s", (_what, source, [byDefault, strict, chainable]) => {
  expect(outcomes(source)).toEqual([byDefault, strict, chainable]);
});
