import { expect, test } from "vitest";
import { sketch } from "./fixtures.ts";
import { startAlone, startOrder, stopOrder } from "./start-order.ts";

const tree = sketch({
  "cluster-configuration": {},
  zookeeper: { needs: ["cluster-configuration"] },
  "name-node": { needs: ["cluster-configuration", "base-image"] },
  "data-node": { needs: ["name-node"] },
  hbase: { needs: ["zookeeper", "data-node"] },
  "base-image": { images: { "base-image": [] }, deploy: false },
});
const namesOf = (services: readonly { name: string }[]): string[] => services.map(({ name }) => name);

test("a service starts after its prerequisites", () => {
  expect(namesOf(startOrder(tree, ["hbase"]))).toEqual([
    "cluster-configuration",
    "zookeeper",
    "name-node",
    "data-node",
    "hbase",
  ]);
});

test("services that only build images are not started", () => {
  expect(namesOf(startOrder(tree, ["base-image"]))).toEqual([]);
});

test("names an unknown prerequisite with its line and what was probably meant", () => {
  const services = sketch({ zookeeper: {}, hbase: { needs: ["zookeeper", "zookeper"] } });
  expect(() => startOrder(services, ["hbase"])).toThrow(
    expect.objectContaining({
      code: "UNKNOWN_PREREQUISITE",
      message: 'hbase needs "zookeper", but there is no such service',
      location: { file: "src/hbase/deploy/service.yaml", line: 2 },
      hint: 'did you mean "zookeeper"? correct it, or start without prerequisites: --no-deps',
    }),
  );
});

test("names all unknown prerequisites at once", () => {
  const services = sketch({ a: { needs: ["x", "b"] }, b: { needs: ["y"] } });
  expect(() => startOrder(services, ["a"])).toThrow(
    expect.objectContaining({
      errors: [
        expect.objectContaining({ message: 'a needs "x", but there is no such service' }),
        expect.objectContaining({ message: 'b needs "y", but there is no such service' }),
      ],
    }),
  );
});

test("alone, the selected services go on without a prerequisite that is no service", () => {
  const services = sketch({ c: { needs: ["b", "x"] }, b: { needs: ["a"] }, a: { needs: ["y"] } });
  const { order, unknown } = startAlone(services, ["c", "b"]);
  expect(namesOf(order)).toEqual(["b", "c"]);
  expect(unknown.map(({ message }) => message)).toEqual(['c needs "x", but there is no such service']);
  expect(() => startAlone(sketch({ a: { needs: ["a"] } }), ["a"])).toThrow("a -> a");
});

test("names every service on a prerequisite cycle, and no other", () => {
  const services = sketch({ a: { needs: ["b"] }, b: { needs: ["c"] }, c: { needs: ["b"] } });
  expect(() => startOrder(services, ["a"])).toThrow(
    expect.objectContaining({
      code: "PREREQUISITE_CYCLE",
      message: "the services wait for each other: b -> c -> b",
      location: { file: "src/b/deploy/service.yaml", line: 1 },
    }),
  );
});

test("a service that is its own prerequisite is a cycle", () => {
  expect(() => startOrder(sketch({ a: { needs: ["a"] } }), ["a"])).toThrow("a -> a");
});

test("a chain of thousands of services is no problem", () => {
  const chain = sketch(
    Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [
        `s${index}`,
        { needs: index === 0 ? [] : [`s${index - 1}`] },
      ]),
    ),
  );
  expect(startOrder(chain, ["s2999"])).toHaveLength(3000);
});

test("only the selected services are stopped, dependents first", () => {
  expect(namesOf(stopOrder(tree, ["cluster-configuration", "hbase", "name-node"]))).toEqual([
    "hbase",
    "name-node",
    "cluster-configuration",
  ]);
});

test("dependents are stopped too when asked", () => {
  expect(namesOf(stopOrder(tree, ["name-node"], { withDependents: true }))).toEqual([
    "hbase",
    "data-node",
    "name-node",
  ]);
});

test("unknown prerequisites and cycles do not keep anyone from stopping", () => {
  const services = sketch({ a: { needs: ["b", "gone"] }, b: { needs: ["a"] } });
  expect(namesOf(stopOrder(services, ["a"]))).toEqual(["a"]);
});
