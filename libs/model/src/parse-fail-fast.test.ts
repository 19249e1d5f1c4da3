import { formatLocation } from "@pai/core";
import { expect, test } from "vitest";
import { parseServiceYaml } from "./parse-service-yaml.ts";

const file = "src/store/deploy/service.yaml";

test.each([
  ["fail-fast: off", { mode: "off" }],
  ["fail-fast: false", { mode: "off" }],
  ["fail-fast: {pods: 2}", { mode: "on", pods: 2, afterMs: 0 }],
  ["fail-fast: {after: 2m}", { mode: "on", pods: 0, afterMs: 120_000 }],
  ["fail-fast:", undefined],
])("%s", (text, failFast) => {
  const { deploy, problems } = parseServiceYaml(`${text}\n`, file);
  expect(problems).toEqual([]);
  expect(deploy.failFast).toEqual(failFast);
});

test.each([
  ["fail-fast: on", "1:1 fail-fast must be off or a map with pods and after, not "],
  ["fail-fast: {pods: -1}", "1:13 fail-fast.pods must be a whole number from 0 on, not "],
  ["fail-fast: {after: soon}", "1:13 fail-fast.after must be a time such as 90s or 2m, not "],
  ["fail-fast: {pod: 1}", "1:13 fail-fast.pod is no key of fail-fast"],
])("%s is told with its place", (text, expected) => {
  const [problem] = parseServiceYaml(`${text}\n`, file).problems;
  expect(`${problem?.location ? formatLocation(problem.location) : ""} ${problem?.message}`).toContain(
    `${file}:${expected}`,
  );
});
