import { expect, test } from "vitest";
import { sketch } from "./fixtures.ts";
import { asNamed, selectServices } from "./select-services.ts";

const tree = sketch({ zookeeper: {}, hbase: {} });

test("no names and `all` mean every service", () => {
  expect(selectServices(tree)).toEqual(["zookeeper", "hbase"]);
  expect(selectServices(tree, ["all"])).toEqual(["zookeeper", "hbase"]);
});

test("a name counts once", () => {
  expect(selectServices(tree, ["hbase", "hbase"])).toEqual(["hbase"]);
});

test("a name in capitals is that of a service in small letters, where no other has it", () => {
  const both = sketch({ zookeeper: {}, hbase: {}, HBase: {} });
  expect(asNamed(["ZooKeeper", "HBase", "HBASE", "Hbse"], both)).toEqual([
    "zookeeper",
    "HBase",
    "hbase",
    "Hbse",
  ]);
});

test("an unknown service is named with what was probably meant", () => {
  expect(() => selectServices(tree, ["hbse"])).toThrow(
    expect.objectContaining({
      code: "UNKNOWN_SERVICE",
      message: 'there is no service "hbse" in src',
      hint: 'did you mean "hbase"?',
    }),
  );
});

test("all unknown services are named at once", () => {
  expect(() => selectServices(tree, ["one", "two"])).toThrow(
    expect.objectContaining({ errors: [expect.anything(), expect.anything()] }),
  );
});
