import type { Cluster, ModelValue } from "@pai/model";
import { expect, test } from "vitest";
import { templateTrier } from "./try-templates.ts";

const map = (entries: Record<string, ModelValue>): ReadonlyMap<string, ModelValue> =>
  new Map(Object.entries(entries));
const model = map({
  web: map({ port: 80, host: "a" }),
  layout: map({ "machine-list": map({ m1: map({}) }) }),
});
const tryTemplate = templateTrier({ model } as unknown as Cluster);

test("a template that renders gives its text", () => {
  expect(tryTemplate("t", "{{ cluster_cfg['web']['port'] }}")).toEqual({ text: "80" });
});

test.each([
  ["{% if cluster_cfg['web']['tls'] is defined %}x{% endif %}"],
  ["{% if cluster_cfg['web']['tls'] %}x{% endif %}"],
  ["{% if cluster_cfg['web']['tls'] == 'true' %}x{% endif %}"],
  ["{% for x in cluster_cfg['web']['tls'] %}x{% endfor %}"],
  ["{{ cluster_cfg['web']['tls'] | default('') }}"],
  ["{{ cluster_cfg['web']['tls'] or '' }}"],
])("asking for what is not defined is no mistake: %s", (source) => {
  expect(tryTemplate("t", source)).toEqual({ text: "" });
});

test("a value that comes out empty is told with its setting, and the text is there", () => {
  expect(tryTemplate("t", "a\nport {{ cluster_cfg['web']['prot'] }}")).toMatchObject({
    text: "a\nport ",
    undefinedValues: [{ kind: "undefined", line: 2, missing: ["web", "prot"] }],
  });
});

test("all values that come out empty are told, each place once, and those before a failure, too", () => {
  const source = `{% for i in [1, 2] %}{{ cluster_cfg['web']['prot'] }} {{ cluster_cfg['web']['hots'] ~ '' }}
{% endfor %}{{ nobody }}{{ 'a'.b }}`;
  const { text, undefinedValues = [] } = tryTemplate("t", source);
  expect(text).toBe(" \n \n");
  expect(undefinedValues.map(({ line, missing }) => `${line} ${missing?.join(".")}`)).toEqual([
    "1 web.prot",
    "1 web.hots",
    "2 undefined",
    "2 undefined",
  ]);
  expect(tryTemplate("t", `${source}{{ cluster_cfg['wbe']['port'] }}`)).toMatchObject({
    failure: { line: 2, missing: ["wbe"] },
    undefinedValues: { length: 4 },
  });
});

test("nothing is said of templates that need settings which could not be made", () => {
  const partial = templateTrier({ model, unmade: new Set(["web"]) } as unknown as Cluster);
  expect(partial("t", "{{ cluster_cfg['web']['prot'] }}{{ cluster_cfg['wbe']['port'] }}")).toEqual({});
  expect(partial("t", "{{ cluster_cfg['layout']['prot'] }}").undefinedValues).toHaveLength(1);
  expect(partial("t", "{{ cluster_cfg['web']['prot'] }}{% if %}").failure?.kind).toBe("syntax");
});

test("reading below a setting that is not there fails, with the setting", () => {
  const { text, failure } = tryTemplate("t", "{{ cluster_cfg['wbe']['port'] }}");
  expect(text).toBeUndefined();
  expect(failure).toMatchObject({ kind: "undefined", line: 1, missing: ["wbe"] });
});

test("a variable that nobody sets has no setting", () => {
  expect(tryTemplate("t", "{{ nobody.port }}").failure).toMatchObject({
    kind: "undefined",
    missing: undefined,
  });
});

test("syntax and other failures are told apart", () => {
  expect(tryTemplate("t", "{% if %}").failure?.kind).toBe("syntax");
  expect(tryTemplate("t", "{{ 1 + 'a' }}").failure).toMatchObject({ kind: "other", line: 1 });
});

test("a template that would run for ever is stopped", () => {
  const endless = "{% for a in range(999999) %}{% for b in range(999999) %}{% endfor %}{% endfor %}";
  expect(tryTemplate("t", endless).failure).toMatchObject({ kind: "other" });
});
