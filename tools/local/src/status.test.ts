import { expect, test } from "vitest";
import { formatStatus } from "./status.ts";

test("status is one line a part: state, version, address, since when", () => {
  const now = new Date("2026-01-02T12:00:00Z");
  const text = formatStatus(
    [
      {
        name: "engine",
        title: "Docker engine",
        state: "healthy",
        origin: "found",
        version: "20.10.24",
        address: "unix:///a",
      },
      {
        name: "etcd",
        title: "etcd",
        state: "healthy",
        origin: "ours",
        version: "3.4.23",
        address: "b",
        since: "2026-01-02T09:00:00Z",
      },
      { name: "kubelet", title: "kubelet", state: "stopped" },
      { name: "registry", title: "registry", state: "unhealthy", reason: "connection refused" },
    ],
    now,
  );
  expect(text.split("\n")).toEqual([
    "  Docker engine   healthy     20.10.24   unix:///a   found",
    "  etcd            healthy     3.4.23     b           since 3 h",
    "  kubelet         stopped",
    "  registry        unhealthy   connection refused",
  ]);
});
