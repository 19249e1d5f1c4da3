import { renderTemplate } from "@pai/jinja";
import { ModelFloat, type ModelObject, type ModelValue } from "@pai/model";
import { expect, test } from "vitest";
import { recordReads } from "./record-reads.ts";

const map = (entries: Record<string, ModelValue>): ModelObject => new Map(Object.entries(entries));
const model = map({
  hbase: map({
    port: 16020,
    heap: new ModelFloat(2),
    ratio: 0.5,
    big: 7n,
    quorum: ["a", "b"],
    empty: map({}),
    roles: [map({ name: "master", port: 1 })],
  }),
  layout: map({ "machine-list": map({ m1: map({ hostip: "10.0.0.1" }), m2: map({ hostip: "10.0.0.2" }) }) }),
});

function readsOf(source: string): { readonly text: string; readonly reads: readonly string[] } {
  const recorded = recordReads(model);
  const text = renderTemplate({
    name: "t",
    source,
    context: { cluster_cfg: recorded.view },
    onStart: recorded.begin,
  });
  const reads = recorded
    .reads()
    .map(({ path, extent, line }) => `${line} ${path.join(".")}${extent === "whole" ? ".*" : ""}`);
  return { text, reads };
}

test("a key is noted with its line, and the maps on the way to it are not", () => {
  expect(readsOf("a\n{{ cluster_cfg['hbase']['port'] }}\n{{ cluster_cfg.hbase.heap }}")).toEqual({
    text: "a\n16020\n2.0",
    reads: ["2 hbase.port", "3 hbase.heap"],
  });
});

test("a variable that stands for a map is followed", () => {
  const { reads } = readsOf("{% set h = cluster_cfg['hbase'] %}\n{{ h['port'] }}");
  expect(reads).toEqual(["2 hbase.port"]);
});

test("a loop over a map reads the whole map, and the keys that its body asks for", () => {
  const { text, reads } = readsOf(
    "{% for h in cluster_cfg['layout']['machine-list'] %}\n{{ cluster_cfg['layout']['machine-list'][h]['hostip'] }}{% endfor %}",
  );
  expect(text).toBe("\n10.0.0.1\n10.0.0.2");
  expect(reads).toContain("1 layout.machine-list.*");
  expect(reads).toContain("2 layout.machine-list.m1.hostip");
  expect(reads).toContain("2 layout.machine-list.m2.hostip");
});

test("a key that is asked for and not there counts as read", () => {
  const { reads } = readsOf("{% if cluster_cfg['hbase']['tls'] is defined %}x{% endif %}");
  expect(reads).toEqual(["1 hbase.tls"]);
});

test("values keep their kinds, and templates see the same as without recording", () => {
  const source =
    "{{ cluster_cfg['hbase'] }} {{ cluster_cfg['hbase'] | tojson }} {{ cluster_cfg['hbase'] | length }} " +
    "{{ cluster_cfg['hbase']['empty'] or 'none' }} {{ 'port' in cluster_cfg['hbase'] }} " +
    "{% for k, v in cluster_cfg['hbase'].items() %}{{ k }}={{ v }};{% endfor %} " +
    "{{ cluster_cfg['hbase'].get('x', 1) }} {{ dict(cluster_cfg['hbase'], port=1)['port'] }} " +
    "{{ cluster_cfg['hbase']['roles'][0] == {'name': 'master', 'port': 1} }} {{ cluster_cfg['hbase']['big'] + 1 }}";
  const { text } = readsOf(source);
  const plain = renderTemplate({ name: "t", source, context: { cluster_cfg: plainOf(model) } });
  // The only difference allowed is in floats, which a plain value cannot express.
  expect(text.replaceAll("2.0", "2")).toBe(plain);
});

test("maps in lists tell which of their keys were asked for", () => {
  const { reads } = readsOf("{% for role in cluster_cfg['hbase']['roles'] %}{{ role.name }}{% endfor %}");
  expect(reads).toContain("1 hbase.roles.0.name");
});

function plainOf(value: ModelValue): unknown {
  if (value instanceof ModelFloat) return value.value;
  if (Array.isArray(value)) return value.map((item: ModelValue) => plainOf(item));
  if (value instanceof Map)
    return new Map([...(value as ModelObject)].map(([key, item]) => [key, plainOf(item)]));
  return value;
}
