import { readFileSync } from "node:fs";
import path from "node:path";
import type { ActionEvent } from "@pai/core";
import { expect, test } from "vitest";
import { createJsonView } from "./json.ts";
import { doing } from "./lines.ts";

type EventOf<T extends ActionEvent["type"]> = Extract<ActionEvent, { readonly type: T }>;

const location = { file: "a.yaml", line: 1, column: 1, excerpt: ["x"] };
const about = { service: "hbase", image: "hbase" };
/** Each type with all its fields: the compiler refuses one that lacks a field, or a type that is left out. */
const whole: { readonly [T in ActionEvent["type"]]: Required<EventOf<T>> } = {
  connected: { type: "connected", to: "cluster", name: "x", address: "https://x", id: "pai" },
  planned: { type: "planned", action: "build", services: ["hbase"], tasks: [{ ...about, needs: [] }] },
  started: { type: "started", action: "build", ...about },
  progress: { type: "progress", ...about, text: "x" },
  step: {
    type: "step",
    ...about,
    state: "done",
    stage: "build",
    number: 1,
    total: 2,
    instruction: "RUN x",
    ms: 1,
  },
  output: { type: "output", ...about, line: "x" },
  waiting: {
    type: "waiting",
    service: "hbase",
    reason: "x",
    object: "Pod a",
    pod: "a",
    node: "m1",
    cause: "x",
    lastLine: "x",
    since: "2026-11-23T05:30:12.000Z",
    givesUp: "x",
  },
  finished: {
    type: "finished",
    action: "build",
    ...about,
    outcome: "changed",
    detail: "x",
    digest: "x",
    imageId: "x",
    ms: 1,
  },
  failed: { type: "failed", action: "build", ...about, code: "BUILD_FAILED", message: "x", ms: 1 },
  skipped: { type: "skipped", action: "build", ...about, because: "x" },
  warning: { type: "warning", message: "x", service: "hbase", location },
  report: { type: "report", path: "x" },
  summary: { type: "summary", text: "x", ms: 1, criticalPath: [{ name: "hbase", ms: 1 }] },
};

interface Schema {
  readonly $defs: Readonly<
    Record<
      string,
      { readonly properties?: Readonly<Record<string, unknown>>; readonly enum?: readonly string[] }
    >
  >;
}

const docs = path.join(import.meta.dirname, "../../../../docs");
const schema = JSON.parse(readFileSync(path.join(docs, "schemas/event.schema.json"), "utf8")) as Schema;
const page = readFileSync(path.join(docs, "events.md"), "utf8");
const lines = Object.values(whole).map((event) => {
  let text = "";
  createJsonView((part) => (text += part)).report(event);
  return JSON.parse(text) as Record<string, unknown> & { readonly type: string };
});

test.each(lines)("the schema and the page of events know each field of $type", (line) => {
  const fields = Object.keys(line).toSorted();
  expect(Object.keys(schema.$defs[line.type]?.properties ?? {}).toSorted()).toEqual(fields);
  const row = page.split("\n").find((each) => each.startsWith(`| \`${line.type}\``)) ?? "";
  expect(
    fields.filter((field) => !["time", "type"].includes(field) && !row.includes(`\`${field}\``)),
  ).toEqual([]);
});

test("the schema knows each action", () => {
  expect(schema.$defs["action"]?.enum?.toSorted()).toEqual(Object.keys(doing).toSorted());
});
