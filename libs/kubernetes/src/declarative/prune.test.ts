import { expect, test } from "vitest";
import type { KubernetesObject } from "../objects.ts";
import { findLeftovers } from "./prune.ts";
import { stagesOf } from "./stages.ts";

const object = (kind: string, uid: string, more: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: uid, uid, ...more },
});

test("what was not applied goes, except what holds data, is kept by wish, or goes with its owner", () => {
  const members = [
    object("ConfigMap", "applied"),
    object("ConfigMap", "old"),
    object("PersistentVolumeClaim", "data"),
    object("ConfigMap", "wished", { annotations: { "pai.dev/keep": "true" } }),
    object("ConfigMap", "owned", { ownerReferences: [{ uid: "x", kind: "Deployment", name: "d" }] }),
    object("ConfigMap", "going", { deletionTimestamp: "2026-01-01T00:00:00Z" }),
  ];
  const { prunable, kept } = findLeftovers(members, [object("ConfigMap", "applied")]);
  expect(prunable.map(({ metadata }) => metadata.uid)).toEqual(["old"]);
  expect(kept.map(({ metadata }) => metadata.uid)).toEqual(["data", "wished"]);
});

test("stages go from foundations to callbacks", () => {
  const kinds = ["Deployment", "ValidatingWebhookConfiguration", "ConfigMap", "Namespace", "Widget", "Role"];
  expect(stagesOf(kinds.map((kind) => ({ kind }))).map((stage) => stage.map(({ kind }) => kind))).toEqual([
    ["Namespace"],
    ["ConfigMap", "Role"],
    ["Deployment", "Widget"],
    ["ValidatingWebhookConfiguration"],
  ]);
});
