import { PaiError } from "@pai/core";
import type { RevisionInfo, ServiceRecord } from "@pai/kubernetes";
import { expect, test } from "vitest";
import type { DeployFile } from "./folder.ts";
import type { PlannedService } from "./plan.ts";
import { describeChanges, hashSources, withChanges } from "./since-ready.ts";

const file = (name: string, text: string, template?: string): DeployFile => ({
  name,
  content: Buffer.from(text),
  mode: 0o644,
  ...(template === undefined ? {} : { template }),
});
const planned = (files: readonly DeployFile[]): PlannedService => ({
  name: "a",
  service: { folder: "src/a" } as PlannedService["service"],
  files,
});
const recorded = (files: readonly DeployFile[]): ServiceRecord => ({
  service: "a",
  state: "started",
  hash: "before",
  sources: hashSources(planned(files)),
  objects: [],
  tool: "1",
  time: "",
});
const revision = (number: number, state: RevisionInfo["state"]): RevisionInfo => ({
  number,
  state,
  time: "",
  tool: "1",
  hash: "",
  images: [],
  objectCount: 1,
});
const rendered = file("a.yaml", "password: x", "src/a/deploy/a.yaml.template");
const before = [rendered, file("a.yaml.template", "1"), file("start.sh", "1"), file("old", "1")];

test("files that changed, came and went are named by their paths, and what is rendered is not hashed", () => {
  const record = recorded(before);
  expect(Object.keys(record.sources ?? {})).not.toContain("src/a/deploy/a.yaml");
  const now = [rendered, file("a.yaml.template", "2"), file("start.sh", "1"), file("new", "1")];
  expect(describeChanges({ planned: planned(now), record, hash: "now" })).toEqual([
    "changed  since it was last ready: src/a/deploy/a.yaml.template, src/a/deploy/new (new), src/a/deploy/old (removed)",
  ]);
});

test("a declarative service has revisions, and a way back to the last one that was ready", () => {
  const attempt = { planned: planned(before), record: recorded(before), hash: "now" };
  const revisions = [revision(3, "ready"), revision(4, "applied"), revision(5, "applied")];
  expect(describeChanges({ ...attempt, revisions })).toEqual([
    "changed  since it was last ready: the configuration or images, no file of the service (revision 3 -> 5)",
    "next     npx paictl service rollback -n a   (back to revision 3)",
  ]);
  expect(describeChanges({ ...attempt, hash: "before", revisions })).toEqual([]);
  expect(describeChanges({ ...attempt, revisions: [revision(1, "applied")] })).toHaveLength(1);
});

test("a record without hashes and other errors tell nothing", () => {
  const { sources: _, ...record } = recorded(before);
  expect(describeChanges({ planned: planned(before), record, hash: "now" })).toEqual([]);
  const error = new PaiError("SCRIPT_FAILED", "x");
  expect(withChanges(error, { planned: planned(before), record, hash: "now" })).toBe(error);
});
