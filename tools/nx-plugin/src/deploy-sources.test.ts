import { expect, test } from "vitest";
import { sourcesOf } from "./deploy-sources.ts";

const known = new Set(["hbase", "hadoop-run"]);
const imagesIn = (text: string, ...settings: string[]): unknown => {
  const { images, anyImage } = sourcesOf([text], known, () => settings);
  return anyImage ? { any: [...images] } : [...images];
};
const settingsIn = (text: string): unknown => {
  const { settings } = sourcesOf([text], known);
  return settings === "all" ? "all" : [...settings];
};

test.each([
  ["image: {{ prefix }}hadoop-run:{{ tag }}", ["hadoop-run"]],
  ['"image": "{{ p[\'x\'] }}hbase:{{ tag }}",', ["hbase"]],
  ["image: debian:bookworm", []],
  ["image: {{ prefix }}{{ name }}:{{ tag }}", { any: [] }],
  ["{% set image = 'hbase' %}\nimage: {{ image }}:{{ tag }}", { any: ["hbase"] }],
  ["image: {{ cluster_cfg['hbase']['image'] }}", { any: ["hbase"] }],
  ["name: hbase", []],
])("%s runs the images of %j", (text, images) => {
  expect(imagesIn(text)).toEqual(images);
});

test("an image that the defaults name is a likely one", () => {
  expect(imagesIn("image: {{ c.image }}", "image: hadoop-run\nport: 1\n")).toEqual({ any: ["hadoop-run"] });
});

test.each([
  ["{{ cluster_cfg['hbase']['port'] }} {{ cluster_cfg.zookeeper.port }}", ["hbase", "zookeeper"]],
  ["{% for name in cluster_cfg %}", "all"],
  ["{% set c = cluster_cfg %}{{ c['hbase'] }}", "all"],
  ["{{ cluster_cfg[name] }}", "all"],
  ["{{ cluster_cfg.get('hbase') }}", "all"],
  ["port: 1", []],
])("%s reads the settings of %j", (text, settings) => {
  expect(settingsIn(text)).toEqual(settings);
});
