import { expect, test } from "vitest";
import { makeTree } from "./fixtures.ts";
import { readCluster } from "./read-cluster.ts";
import { readModelFile } from "./read-model-file.ts";
import { readServices } from "./read-services.ts";

const files = {
  "configuration/layout.yaml": 'machine-list: [{hostname: m1, hostip: 10.0.0.1, pai-master: "true"}]\n',
  "configuration/services-configuration.yaml": `cluster:
  docker-registry: {domain: d, namespace: n, tag: t, secret-name: s}
web: {port: 1}
web: {port: 2}
`,
  "src/web/config/web.yaml": "a: 1\nb: 2\na: 3\n",
  "src/web/deploy/service.yaml": "start-script: a.sh\nstart-script: b.sh\n",
  "model.json": `{"cluster": {"docker-registry": {"domain": "d", "namespace": "n", "tag": "t", "secret-name": "s"}},
"layout": {"kubernetes": {"api-servers-url": "https://10.0.0.1:6443"}, "machine-list": {"m1": {"hostname": "m1", "hostip": "10.0.0.1", "pai-master": "true"}}},
"web": {}, "web": {}}`,
};

test("a key that comes twice is a warning with both of its lines, and the last one counts", async () => {
  const { warnings, model } = await readCluster({
    root: makeTree(files),
    directory: "configuration",
    env: {},
  });
  expect(warnings).toEqual([
    {
      message: '"web" stands here for the second time; line 3 has no effect',
      location: { file: "configuration/services-configuration.yaml", line: 4, column: 1 },
    },
    {
      message: '"a" stands here for the second time; line 1 has no effect',
      location: { file: "src/web/config/web.yaml", line: 3, column: 1 },
    },
  ]);
  expect(model.get("web")).toEqual(
    new Map([
      ["a", 3],
      ["b", 2],
      ["port", 2],
    ]),
  );
});

test("in service.yaml and in a model file, too", async () => {
  const root = makeTree(files);
  const service = (await readServices(root)).get("web");
  expect(service?.warnings?.map(({ location }) => location.line)).toEqual([2]);
  expect(service?.deploy?.scripts.start?.name).toBe("b.sh");
  const { warnings } = await readModelFile({ root, file: "model.json" });
  expect(warnings?.map(({ location }) => `${location.file}:${location.line}`)).toEqual(["model.json:3"]);
});
