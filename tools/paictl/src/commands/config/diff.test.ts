import { expect, test } from "vitest";
import { formatDifference } from "./diff.ts";

test("files of one side, and lines with their numbers", () => {
  const text = formatDifference("configuration", {
    pushed: true,
    files: [
      { name: "layout.yaml", changes: [{ sign: "-", line: 3, text: "a: 1" }] },
      { name: "config.yaml", only: "pushed", changes: [] },
      { name: "kubernetes-configuration.yaml", only: "local", changes: [] },
    ],
  });
  expect(text.split("\n")).toEqual([
    "configuration/layout.yaml",
    "     3 - a: 1",
    "config.yaml is only in the cluster; a push leaves it there",
    "configuration/kubernetes-configuration.yaml was not pushed",
  ]);
});
