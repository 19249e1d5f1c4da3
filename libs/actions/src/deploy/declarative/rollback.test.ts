import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PaiError, type ActionEvent } from "@pai/core";
import { applySetOf } from "@pai/kubernetes";
import { expect, test } from "vitest";
import type { DeployRun } from "../run.ts";
import { createRunMemory } from "../run-memory.ts";
import { chooseRevision, goBack } from "./rollback.ts";

const revision = (number: number, state: "ready" | "applied") => ({
  number,
  state,
  time: "",
  tool: "",
  hash: "",
  images: [],
  objectCount: 1,
});

test.each([
  ["the one before", [revision(1, "ready"), revision(2, "ready")], undefined, 1],
  ["the last ready one after a failed start", [revision(3, "ready"), revision(4, "applied")], undefined, 3],
  [
    "none that was never ready",
    [revision(1, "ready"), revision(2, "applied"), revision(3, "ready")],
    undefined,
    1,
  ],
  ["any by its number", [revision(1, "applied"), revision(2, "ready")], 1, 1],
])("goes back to %s", (_, revisions, to, number) => {
  expect(chooseRevision(revisions, "store", to).number).toBe(number);
});

test("says what there is when there is nothing to go back to", () => {
  expect(() => chooseRevision([revision(1, "ready")], "store", undefined)).toThrow(
    "store has no earlier revision that was ready",
  );
  expect(() => chooseRevision([revision(1, "ready")], "store", 7)).toThrow(
    "store has no revision 7; the cluster keeps 1",
  );
});

test("the report of a failure is there before the way back begins", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "back-"));
  const events: ActionEvent[] = [];
  const memory = createRunMemory((event) => events.push(event));
  let seen = "";
  const list = async (): Promise<never> => {
    const page = events.find((event) => event.type === "report")?.path ?? "no report";
    seen = await readFile(path.join(root, page), "utf8");
    throw new PaiError("CLUSTER_UNREACHABLE", "the cluster is gone");
  };
  const planned = { name: "store" } as Parameters<typeof goBack>[1];
  const run = {
    action: "start",
    plan: { root, order: [planned] },
    connection: { context: "test", server: "https://127.0.0.1", version: "v1.34.0", objects: { list } },
    memory,
    report: memory.report,
    mask: (text: string) => text,
  } as unknown as DeployRun;
  memory.report({ type: "planned", action: "start", services: ["store"] });
  try {
    const error = new PaiError("NOT_READY", "store: container main exits with 1");
    const set = applySetOf("store", "pai");
    const told = await goBack(run, planned, { set, to: revision(3, "ready"), error });
    expect(told.details).toEqual(["back     revision 3 did not come back: the cluster is gone"]);
    expect(seen).toContain("# start failed: store");
    expect(seen).toContain("store: container main exits with 1");
  } finally {
    await rm(root, { recursive: true });
  }
});
