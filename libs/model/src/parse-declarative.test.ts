import { formatLocation } from "@pai/core";
import { expect, test } from "vitest";
import { parseServiceYaml } from "./parse-service-yaml.ts";

const file = "src/store/deploy/service.yaml";
const problemsOf = (text: string): string[] =>
  parseServiceYaml(text, file).problems.map(
    ({ message, location }) => `${location ? formatLocation(location) : ""} ${message}`,
  );

test("a service without start-script has its manifests applied", () => {
  expect(parseServiceYaml("template-list: [a.yaml]\n", file).deploy.declarative).toEqual({
    sources: [],
    keepRevisions: 10,
  });
});

test("reads files, ConfigMaps and Secrets with their places", () => {
  const text = `apply: [a.yaml, crd.yaml]
keep-revisions: 3
config-map:
  - name: conf
    namespace: tools
    from: [zoo.cfg, other=x/y.cfg, folder/]
secret:
  - {name: login, type: kubernetes.io/basic-auth, literal: {username: me}}
`;
  const { deploy, problems } = parseServiceYaml(text, file);
  expect(problems).toEqual([]);
  expect(deploy.declarative).toEqual({
    apply: [
      { name: "a.yaml", line: 1 },
      { name: "crd.yaml", line: 1 },
    ],
    sources: [
      {
        kind: "ConfigMap",
        name: "conf",
        namespace: "tools",
        from: ["zoo.cfg", "other=x/y.cfg", "folder"],
        literal: {},
        line: 4,
      },
      {
        kind: "Secret",
        name: "login",
        type: "kubernetes.io/basic-auth",
        from: [],
        literal: { username: "me" },
        line: 8,
      },
    ],
    keepRevisions: 3,
  });
});

test.each([
  [
    "start-script: a.sh\napply: [a.yaml]\n",
    `${file}:2:1 apply and start-script are two ways to start the service`,
  ],
  [
    "config-map: {name: x}\n",
    `${file}:1:1 config-map must be a list of entries such as  {name: x, from: folder}, not a map`,
  ],
  ["config-map: [{from: x}]\n", `${file}:1:14 config-map[1] has no name`],
  [
    "config-map: [{name: x}]\n",
    `${file}:1:14 config-map[1] has neither from nor literal, so it would be empty`,
  ],
  [
    "secret: [{name: x, from: ../y}]\n",
    `${file}:1:20 secret[1].from leaves the service's deploy folder: "../y"`,
  ],
  ["secret: [{name: x, form: y, from: z}]\n", `${file}:1:20 secret[1].form is no key of such an entry`],
  ["secret: [{name: x, literal: {a: 1}}]\n", `${file}:1:30 secret[1].literal.a must be a text, not a number`],
  ["keep-revisions: 0\n", `${file}:1:1 keep-revisions must be a whole number from 1 on, not a number`],
])("tells what is wrong with %j", (text, problem) => {
  expect(problemsOf(text)).toEqual([problem]);
});

test("a service that a script starts applies nothing by itself", () => {
  expect(
    parseServiceYaml("start-script: a.sh\ntemplate-list: [a.yaml]\n", file).deploy.declarative,
  ).toBeUndefined();
});
