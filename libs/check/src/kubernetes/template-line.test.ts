import { expect, test } from "vitest";
import { templateLineOf } from "./template-line.ts";

const template = `kind: List
{% for name in names %}
- name: {{ name }}
  port: 80
{% endfor %}
end: 1
`;
const rendered = `kind: List

- name: a
  port: 80

- name: b
  port: 80

- name: c
  port: 80

end: 1
`;

test.each([
  [1, 1],
  [3, 3],
  [4, 4],
  [9, 3],
  [10, 4],
  [12, 6],
])("line %i of the rendered text comes from line %i of the template", (line, expected) => {
  expect(templateLineOf(template, rendered, line)).toBe(expected);
});

test("a line that no line of the template looks like keeps its number, within the template", () => {
  expect(templateLineOf("{{ a }}\n", "x\ny\nz\n", 3)).toBe(2);
});
