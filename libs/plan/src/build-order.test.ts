import { expect, test } from "vitest";
import { buildOrder } from "./build-order.ts";
import { sketch } from "./fixtures.ts";
import { imageEdges, prerequisiteEdges, withoutCycles } from "./service-graph.ts";

const tree = sketch({
  hbase: { images: { hbase: ["hadoop-run"] }, needs: ["zookeeper"] },
  "hadoop-run": { images: { "hadoop-run": ["maven:3", "base-image"] }, deploy: false },
  "base-image": { images: { "base-image": ["debian:bookworm-slim"] }, deploy: false },
  zookeeper: { images: { zookeeper: ["base-image:latest", "zookeeper:3.8"] } },
  "hadoop-data-node": { needs: ["zookeeper"] },
});

test("an image edge leads to the service that makes the base image", () => {
  expect(imageEdges(tree)).toEqual(
    new Map([
      ["hbase", new Set(["hadoop-run"])],
      ["hadoop-run", new Set(["base-image"])],
      ["base-image", new Set()],
      ["zookeeper", new Set(["base-image"])],
      ["hadoop-data-node", new Set()],
    ]),
  );
});

test("builds come bases first and hold only what the selected images need", () => {
  expect(buildOrder(tree, ["hbase"]).map(({ name }) => name)).toEqual(["base-image", "hadoop-run", "hbase"]);
});

test("services without Dockerfiles are not built", () => {
  expect(buildOrder(tree, ["hadoop-data-node"])).toEqual([]);
});

test("components are built before the service that copies them", () => {
  const services = sketch({ run: { images: { run: [] }, components: ["ai"] }, ai: { images: { ai: [] } } });
  expect(buildOrder(services, ["run"]).map(({ name }) => name)).toEqual(["ai", "run"]);
});

test("names the images on a cycle with the line that closes it", () => {
  const services = sketch({
    a: { images: { a: ["debian", "b"] } },
    b: { images: { b: ["c"] } },
    c: { images: { c: ["b"] } },
  });
  expect(() => buildOrder(services, ["a"])).toThrow(
    expect.objectContaining({
      code: "IMAGE_CYCLE",
      message: "the images need each other: b -> c -> b",
      location: { file: "src/b/build/b.dockerfile", line: 1 },
    }),
  );
});

test("two images of one service may be based on each other's", () => {
  const services = sketch({ drivers: { images: { one: ["two"], two: ["debian"] } } });
  expect(buildOrder(services, ["drivers"]).map(({ name }) => name)).toEqual(["drivers"]);
});

test("without cycles, every service keeps an order and only the closing edges are gone", () => {
  const services = sketch({ a: { needs: ["b", "d"] }, b: { needs: ["c"] }, c: { needs: ["a"] }, d: {} });
  expect(withoutCycles(prerequisiteEdges(services))).toEqual(
    new Map([
      ["a", new Set(["b", "d"])],
      ["b", new Set(["c"])],
      ["c", new Set()],
      ["d", new Set()],
    ]),
  );
});
