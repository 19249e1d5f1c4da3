import { expect, test } from "vitest";
import { sourcesOf } from "./deploy-sources.ts";

const owners = new Map([
  ["hbase", "hbase"],
  ["hadoop-run", "hadoop"],
]);
const imagesIn = (text: string): unknown => {
  const { images } = sourcesOf([text], owners);
  return images === "all" ? "all" : [...images];
};
const settingsIn = (text: string): unknown => {
  const { settings } = sourcesOf([text], owners);
  return settings === "all" ? "all" : [...settings];
};

test.each([
  ["image: {{ prefix }}hadoop-run:{{ tag }}", ["hadoop"]],
  ['"image": "{{ p[\'x\'] }}hbase:{{ tag }}",', ["hbase"]],
  ["image: debian:bookworm", []],
  ["image: {{ prefix }}{{ name }}:{{ tag }}", "all"],
  ["image: {{ cluster_cfg['hbase']['image'] }}", "all"],
  ["name: hbase", []],
])("%s runs the images of %j", (text, images) => {
  expect(imagesIn(text)).toEqual(images);
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
