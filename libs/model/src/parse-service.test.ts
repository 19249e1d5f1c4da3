import { formatLocation } from "@pai/core";
import { expect, test } from "vitest";
import { parseService, type ServiceFiles } from "./parse-service.ts";

const everything = (): boolean => true;
const findings = (files: Partial<ServiceFiles>): string[] =>
  parseService({ name: "hbase", dockerfiles: new Map(), exists: everything, ...files }).problems.map(
    ({ message, location }) => `${location ? formatLocation(location) : ""} ${message}`,
  );
const serviceYaml = `# HBase
prerequisite:
  - zookeeper   # first
  - hadoop-name-node
template-list: [hbase.yaml, conf/hbase-site.xml, "start.sh"]
start-script: start.sh
stop-script: stop.sh
upgraded-script: upgraded.sh
unknown: {key: 1}
deploy-rules:
  - in: pai-master
  - NotIn: no-hbase
`;

test("reads service.yaml with the line of every entry", () => {
  const { deploy, problems } = parseService({
    name: "hbase",
    dockerfiles: new Map(),
    serviceYaml,
    exists: everything,
  });
  expect(problems).toEqual([]);
  expect(deploy).toEqual({
    file: "src/hbase/deploy/service.yaml",
    prerequisites: [
      { name: "zookeeper", line: 3 },
      { name: "hadoop-name-node", line: 4 },
    ],
    templates: [
      { name: "hbase.yaml", line: 5 },
      { name: "conf/hbase-site.xml", line: 5 },
      { name: "start.sh", line: 5 },
    ],
    scripts: {
      start: { name: "start.sh", line: 6 },
      stop: { name: "stop.sh", line: 7 },
      upgraded: { name: "upgraded.sh", line: 8 },
    },
    deployRules: [
      { operator: "in", label: "pai-master", line: 11 },
      { operator: "notin", label: "no-hbase", line: 12 },
    ],
  });
});

test("an empty service.yaml asks for nothing", () => {
  expect(findings({ serviceYaml: "# nothing\n" })).toEqual([]);
});

test("the image is named after the file", () => {
  const { images } = parseService({
    name: "drivers",
    dockerfiles: new Map([
      ["drivers.common.dockerfile", "FROM debian\n"],
      ["drivers-384.dockerfile", "FROM drivers\nCOPY build/x /x\n"],
    ]),
    exists: everything,
  });
  expect(images).toEqual([
    {
      name: "drivers",
      dockerfile: "src/drivers/build/drivers.common.dockerfile",
      bases: [{ reference: "debian", line: 1 }],
      contextPaths: [],
      names: { args: [], stages: [], secrets: [] },
    },
    {
      name: "drivers-384",
      dockerfile: "src/drivers/build/drivers-384.dockerfile",
      bases: [{ reference: "drivers", line: 1 }],
      contextPaths: ["build/x"],
      names: { args: [], stages: [], secrets: [] },
    },
  ]);
});

test("names templates that do not exist; a missing script keeps nobody from anything else", () => {
  const there = new Set(["src/hbase/deploy/hbase.yaml.template", "src/hbase/deploy/start.sh.template"]);
  expect(findings({ serviceYaml, exists: (path) => there.has(path) })).toEqual([
    "src/hbase/deploy/service.yaml:5 template-list names conf/hbase-site.xml, but src/hbase/deploy/conf/hbase-site.xml.template does not exist",
  ]);
});

test.each(["/etc/passwd", "../other/x", "a/../../x", '"a\\0b"'])("%s may not leave the folder", (entry) => {
  const [finding, ...more] = findings({ serviceYaml: `template-list:\n  - ${entry}\n` });
  expect(finding).toContain("src/hbase/deploy/service.yaml:2");
  expect(finding).toContain("leaves the service's deploy folder");
  expect(more).toEqual([]);
});

test("a wrong type is told with its line, and the rest is still read", () => {
  const text =
    "prerequisite: zookeeper\ntemplate-list: [{a: 1}]\nstart-script: [x]\ndeploy-rules: [{on: x}]\n";
  expect(findings({ serviceYaml: text })).toEqual([
    "src/hbase/deploy/service.yaml:1:1 prerequisite must be a list of service names, not a text",
    "src/hbase/deploy/service.yaml:2:17 template-list must list files; this entry is a map",
    "src/hbase/deploy/service.yaml:3:1 start-script must be a file name, not a list",
    "src/hbase/deploy/service.yaml:4:16 a deploy rule must be one of  in: <label>  and  notin: <label>",
  ]);
});

test("YAML that cannot be read is a problem, not an exception", () => {
  expect(findings({ serviceYaml: "a: b: c" })).toEqual([
    "src/hbase/deploy/service.yaml:1:5 src/hbase/deploy/service.yaml is not valid YAML: bad indentation of a mapping entry",
  ]);
});

test("problems of a Dockerfile carry file and line", () => {
  expect(findings({ dockerfiles: new Map([["hbase.dockerfile", "\nRUN true\n"]]) })).toEqual([
    "src/hbase/build/hbase.dockerfile:2 RUN stands before the first FROM",
  ]);
});

test("a component must be a folder of src", () => {
  const componentDep = "# copied\nhadoop-ai\r\n\nnowhere\n";
  const exists = (path: string): boolean => path === "src/hadoop-ai";
  expect(findings({ componentDep, exists })).toEqual([
    'src/hbase/build/component.dep:4 hbase needs the component "nowhere", but src/nowhere does not exist',
  ]);
});
