import { expect, test } from "vitest";
import { failure } from "./fixtures/failure.ts";
import { nearest } from "./suggest.ts";

test.each([
  ["prot", ["name", "port", "post"], "port"],
  ["Port", ["port"], "port"],
  ["docker-registy", ["docker-registry", "docker"], "docker-registry"],
  ["ab", ["b"], "b"],
  ["hostname", ["hostip", "hosts"], undefined],
  ["port", ["password"], undefined],
  ["port", ["port"], undefined],
  ["port", [], undefined],
])("%s among %j means %s", (name, candidates, meant) => {
  expect(nearest(name, candidates)).toBe(meant);
});

test("the first of two equally near names is taken", () => {
  expect(nearest("cat", ["bat", "hat"])).toBe("bat");
});

test("names of variables, keys and attributes are suggested", () => {
  const context = { cluster: { hbase: { port: 1 } } };
  expect(failure("{{ clutser.hbase }}", { context }).suggestion).toBe("did you mean 'cluster'?");
  expect(failure("{{ cluster['hbsae'].port }}", { context }).suggestion).toBe("did you mean 'hbase'?");
  expect(failure("{{ cluster.hbase.prt.x }}", { context }).suggestion).toBe("did you mean 'port'?");
  expect(failure("{{ cluster.hbase.timeout.x }}", { context }).suggestion).toBeUndefined();
});

test("variables the template sets itself are suggested", () => {
  expect(failure("{% set servers = [] %}{{ server.x }}").suggestion).toBe("did you mean 'servers'?");
});
