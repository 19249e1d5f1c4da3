// One mistake each, made in the sound tree: what the rules' tests show.
import { PaiError } from "@pai/core";
import { soundTree } from "../fixtures.ts";
import type { CheckContext } from "../rule.ts";
import type { TemplateMistake, TemplateTry } from "../rendered-template.ts";
import type { FileText } from "../tree.ts";

export interface Example {
  readonly rule: string;
  readonly what: string;
  readonly changes?: Readonly<Record<string, string | FileText | undefined>>;
  readonly more?: Partial<CheckContext>;
  readonly tries?: Readonly<Record<string, TemplateTry>>;
  /** The one finding's file:line:column. */
  readonly at: string;
}

const layout = "configuration/layout.yaml";
const services = "configuration/services-configuration.yaml";
const webYaml = "src/web/deploy/service.yaml";
const storeYaml = "src/store/deploy/service.yaml";
const webDockerfile = "src/web/build/web.dockerfile";
const startScript = "src/web/deploy/start.sh";

function changed(file: keyof typeof soundTree, from: string, to: string): Record<string, string> {
  return { [file]: soundTree[file].replace(from, to) };
}

const treeExamples: readonly Example[] = [
  {
    rule: "yaml-syntax",
    what: "a list is not closed",
    changes: { [storeYaml]: "start-script: [start.sh\n" },
    at: `${storeYaml}:1:24`,
  },
  {
    rule: "yaml-syntax",
    what: "a tab indents",
    changes: { "src/web/config/web.yaml": "a:\n\tb: 1\n" },
    at: "src/web/config/web.yaml:2:1",
  },
  {
    rule: "outside-tree",
    what: "a link leads out",
    changes: { [startScript]: { kind: "outside", reason: "leads out of the tree" } },
    at: `${startScript}:1:1`,
  },
  {
    rule: "unreadable-file",
    what: "a script is binary",
    changes: { [startScript]: { kind: "unreadable", reason: "is binary, not text" } },
    at: `${startScript}:1:1`,
  },
  {
    rule: "duplicate-key",
    what: "in defaults",
    changes: { "src/web/config/web.yaml": "port: 80\nhost: a\nport: 81\n" },
    at: "src/web/config/web.yaml:3:1",
  },
  {
    rule: "unknown-key",
    what: "a misspelt one in service.yaml",
    changes: { [storeYaml]: "start-script: start.sh\nprerequisites: []\n" },
    at: `${storeYaml}:2:1`,
  },
  {
    rule: "unknown-key",
    what: "a misspelt one of a machine",
    changes: changed(layout, "machine-type: SMALL, pai-worker", "machine-typ: SMALL, pai-worker"),
    at: `${layout}:7:38`,
  },
  {
    rule: "wrong-type",
    what: "a text in place of a list",
    changes: { [webYaml]: soundTree[webYaml].replace("\n  - store", " store") },
    at: `${webYaml}:1:1`,
  },
  {
    rule: "wrong-type",
    what: "a number in place of a text",
    changes: changed(services, "tag: v1", "tag: 1.10"),
    at: `${services}:2:70`,
  },
  {
    rule: "wrong-type",
    what: "a deploy rule with two keys",
    changes: changed(webYaml, "in: pai-worker", "in: pai-worker\n    notin: pai-master"),
    at: `${webYaml}:7:5`,
  },
  {
    rule: "missing-setting",
    what: "a machine without address",
    changes: changed(layout, "hostname: w1, hostip: 10.0.0.2", "hostname: w1"),
    at: `${layout}:7:5`,
  },
  {
    rule: "unknown-setting",
    what: "a misspelt service",
    changes: changed(services, "web:", "wbe:"),
    at: `${services}:3:1`,
  },
  {
    rule: "unknown-setting",
    what: "a misspelt setting",
    changes: changed(services, "port:", "prot:"),
    at: `${services}:4:3`,
  },
  {
    rule: "unknown-prerequisite",
    what: "a misspelt service",
    changes: changed(webYaml, "- store", "- stoer"),
    at: `${webYaml}:2:5`,
  },
  {
    rule: "prerequisite-cycle",
    what: "of two services",
    changes: { [storeYaml]: "start-script: start.sh\nprerequisite: [web]\n" },
    at: `${webYaml}:2:5`,
  },
  {
    rule: "prerequisite-cycle",
    what: "a service that waits for itself",
    changes: { [storeYaml]: "start-script: start.sh\nprerequisite: [store]\n" },
    at: `${storeYaml}:2:16`,
  },
  {
    rule: "image-cycle",
    what: "of two images",
    changes: { "src/base/build/base.dockerfile": "FROM web\n" },
    at: `${webDockerfile}:1:1`,
  },
  {
    rule: "duplicate-entry",
    what: "a prerequisite twice",
    changes: changed(webYaml, "  - store\n", "  - store\n  - store\n"),
    at: `${webYaml}:3:5`,
  },
  {
    rule: "missing-template",
    what: "a misspelt one",
    changes: changed(webYaml, "- web.yaml\n", "- web.yaml\n  - wbe.yaml\n"),
    at: `${webYaml}:5:5`,
  },
  {
    rule: "missing-script",
    what: "a misspelt one",
    changes: { [storeYaml]: "start-script: strat.sh\n" },
    at: `${storeYaml}:1:1`,
  },
  {
    rule: "leaves-folder",
    what: "a template of another service",
    changes: changed(webYaml, "- web.yaml\n", "- web.yaml\n  - ../../store/x\n"),
    at: `${webYaml}:5:5`,
  },
  {
    rule: "unlisted-template",
    what: "a template that nothing renders",
    changes: { "src/web/deploy/more.yaml.template": "a: 1\n" },
    at: "src/web/deploy/more.yaml.template:1:1",
  },
  {
    rule: "script-line-ends",
    what: "CR LF",
    changes: { [startScript]: "#!/bin/bash\ntrue\r\n" },
    at: `${startScript}:2:5`,
  },
  {
    rule: "script-interpreter",
    what: "Python",
    changes: { [startScript]: "#!/usr/bin/env python3\nprint(1)\n" },
    at: `${startScript}:1:1`,
  },
  {
    rule: "script-shebang",
    what: "an empty line comes first",
    changes: { [startScript]: "\n#!/bin/bash\ntrue\n" },
    at: `${startScript}:1:1`,
  },
  {
    rule: "dockerfile",
    what: "a misspelt instruction",
    changes: { [webDockerfile]: "FROM base\nRNU true\n" },
    at: `${webDockerfile}:2:1`,
  },
  {
    rule: "dockerfile",
    what: "no FROM",
    changes: { [webDockerfile]: "# nothing\n" },
    at: `${webDockerfile}:1:1`,
  },
  {
    rule: "dockerfile",
    what: "COPY of one word",
    changes: { [webDockerfile]: "FROM base\nCOPY build/run\n" },
    at: `${webDockerfile}:2:1`,
  },
  {
    rule: "unknown-base-image",
    what: "a misspelt own image",
    changes: { [webDockerfile]: "FROM bsae\n" },
    at: `${webDockerfile}:1:1`,
  },
  {
    rule: "untagged-base-image",
    what: "a foreign image",
    changes: { [webDockerfile]: "FROM ubuntu\n" },
    at: `${webDockerfile}:1:1`,
  },
  {
    rule: "image-name",
    what: "capital letters",
    changes: { "src/web/build/Web.dockerfile": "FROM base\n" },
    at: "src/web/build/Web.dockerfile:1:1",
  },
  {
    rule: "duplicate-image",
    what: "two services make one image",
    changes: { "src/store/build/web.dockerfile": "FROM base\n" },
    at: "src/web/build/web.dockerfile:1:1",
  },
  {
    rule: "ignored-dockerfile",
    what: "a plain Dockerfile",
    changes: { "src/store/build/Dockerfile": "FROM base\n" },
    at: "src/store/build/Dockerfile:1:1",
  },
  {
    rule: "nx-target-defaults",
    what: "a default of builds that init has not seen",
    changes: {
      "nx.json": `{
	"plugins": ["@pai/nx-plugin"],
	"targetDefaults": { "test": {}, "@pai/nx-plugin:push": {}, "push": {}, "build": { "cache": true } }
}
`,
    },
    at: "nx.json:3:74",
  },
  {
    rule: "missing-source",
    what: "COPY of a file that is not there",
    changes: { [webDockerfile]: "FROM base\nCOPY build/rnu /run\n" },
    at: `${webDockerfile}:2:1`,
  },
  {
    rule: "unknown-component",
    what: "a misspelt service",
    changes: { "src/web/build/component.dep": "# needs\nstoer\n" },
    at: "src/web/build/component.dep:2:1",
  },
  {
    rule: "missing-configuration",
    what: "no services-configuration.yaml",
    changes: { [services]: undefined },
    at: `${services}:1:1`,
  },
  {
    rule: "missing-machines",
    what: "an empty list",
    changes: { [layout]: "machine-list: []\n" },
    at: `${layout}:1:1`,
  },
  {
    rule: "no-master",
    what: "nobody is",
    changes: changed(layout, 'pai-master: "true"', 'pai-master: "false"'),
    at: `${layout}:5:1`,
  },
  {
    rule: "duplicate-host",
    what: "two machines of one name",
    changes: changed(layout, "hostname: w1", "hostname: m1"),
    at: `${layout}:7:6`,
  },
  {
    rule: "duplicate-address",
    what: "two machines of one address",
    changes: changed(layout, "10.0.0.2", "10.0.0.1"),
    at: `${layout}:7:20`,
  },
  {
    rule: "duplicate-node",
    what: "two machines of one node",
    changes: {
      [layout]: soundTree[layout].replaceAll("machine-type: SMALL", "machine-type: SMALL, nodename: n"),
    },
    at: `${layout}:7:59`,
  },
  {
    rule: "invalid-address",
    what: "no IP address",
    changes: changed(layout, "10.0.0.2", "10.0.0.256"),
    at: `${layout}:7:20`,
  },
  {
    rule: "invalid-url",
    what: "a host alone",
    changes: changed(layout, "https://10.0.0.1:6443", "10.0.0.1"),
    at: `${layout}:2:3`,
  },
  {
    rule: "label-value",
    what: "yes",
    changes: changed(layout, 'pai-worker: "true"', 'pai-worker: "true", no-driver: "yes"'),
    at: `${layout}:7:79`,
  },
  {
    rule: "label-value",
    what: "a bare true",
    changes: changed(layout, 'pai-worker: "true"', 'pai-worker: "true", pai-storage: true'),
    at: `${layout}:7:79`,
  },
  {
    rule: "unknown-machine-type",
    what: "a misspelt one",
    changes: changed(layout, "machine-type: SMALL, pai-worker", "machine-type: SMAL, pai-worker"),
    at: `${layout}:7:38`,
  },
  {
    rule: "clear-text-secret",
    what: "the registry's password",
    changes: changed(services, "secret-name: pull", "secret-name: pull, username: u, password: pw"),
    at: `${services}:2:111`,
  },
  {
    rule: "incomplete-login",
    what: "a user without password",
    changes: changed(services, "secret-name: pull", "secret-name: pull, username: u"),
    at: `${services}:2:98`,
  },
  {
    rule: "unset-variable",
    what: "for the registry",
    changes: changed(services, "secret-name: pull", "secret-name: '${env:NOBODY}'"),
    at: `${services}:2:79`,
  },
  {
    rule: "unknown-label",
    what: "a label that no machine has",
    changes: changed(webYaml, "in: pai-worker", "in: pai-woker"),
    at: `${webYaml}:7:5`,
  },
  {
    rule: "refused",
    what: "what reading the configuration says",
    more: { problems: [new PaiError("CONFIG_INVALID", "no", { location: { file: layout, line: 4 } })] },
    at: `${layout}:4:1`,
  },
];

const template = "src/web/deploy/web.yaml.template";

function mistake(kind: TemplateMistake["kind"], missing?: readonly string[]): TemplateMistake {
  return { kind, message: "as Jinja2 says it", line: 3, column: 4, missing };
}

function inManifest(from: string, to: string): Record<string, string> {
  return changed(template, from, to);
}

const container = "- name: web\n";
const cluster = { registry: { prefix: "registry.example:5000/pai/" }, model: new Map(), secrets: [] };

const templateExamples: readonly Example[] = [
  {
    rule: "template-syntax",
    what: "not closed",
    tries: { [template]: { failure: mistake("syntax") } },
    at: `${template}:3:4`,
  },
  {
    rule: "missing-key",
    what: "a setting that is not there",
    tries: { [template]: { failure: mistake("undefined", ["web", "prot"]) } },
    at: `${template}:3:4`,
  },
  {
    rule: "template-error",
    what: "a number and a text added",
    tries: { [template]: { failure: mistake("other") } },
    at: `${template}:3:4`,
  },
  {
    rule: "undefined-value",
    what: "printed",
    tries: { [template]: { text: soundTree[template], undefinedValues: [mistake("undefined")] } },
    at: `${template}:3:4`,
  },
  {
    rule: "rendered-yaml",
    what: "a bracket too many",
    changes: inManifest("{app: web}}", "{app: web}}}"),
    at: `${template}:6:1`,
  },
  {
    rule: "removed-api",
    what: "a Deployment of 2017",
    changes: inManifest("apps/v1", "extensions/v1beta1"),
    at: `${template}:1:1`,
  },
  {
    rule: "unknown-kind",
    what: "misspelt",
    changes: inManifest("kind: Deployment", "kind: Deploiment"),
    at: `${template}:2:1`,
  },
  {
    rule: "unknown-kind",
    what: "in another group",
    changes: inManifest("apps/v1", "v1"),
    at: `${template}:1:1`,
  },
  {
    rule: "unknown-field",
    what: "of a container",
    changes: inManifest(container, `${container}          imagePullPolice: Always\n`),
    at: `${template}:12:1`,
  },
  {
    rule: "field-type",
    what: "a number in an environment variable",
    changes: inManifest(container, `${container}          env: [{name: PORT, value: 80}]\n`),
    at: `${template}:12:1`,
  },
  {
    rule: "missing-field",
    what: "no selector",
    changes: inManifest("  selector: {matchLabels: {app: web}}\n", ""),
    at: `${template}:5:1`,
  },
  {
    rule: "object-name",
    what: "none",
    changes: inManifest("  name: web", "  labels: {a: b}"),
    at: `${template}:3:1`,
  },
  {
    rule: "object-name",
    what: "capitals and underscores",
    changes: inManifest("  name: web", "  name: Web_1"),
    at: `${template}:4:1`,
  },
  {
    rule: "duplicate-object",
    what: "twice in one file",
    changes: {
      [webYaml]: soundTree[webYaml].replace(/deploy-rules[^]*/, ""),
      [template]: `${soundTree[template]}---\n${soundTree[template]}`,
    },
    at: `${template}:17:1`,
  },
  {
    rule: "selector-mismatch",
    what: "another label",
    changes: inManifest("labels: {app: web}", "labels: {app: wbe}"),
    at: `${template}:6:1`,
  },
  {
    rule: "unknown-image",
    what: "misspelt",
    more: { cluster: cluster as unknown as CheckContext["cluster"] },
    changes: inManifest("pai/web:v1", "pai/wbe:v1"),
    at: `${template}:12:1`,
  },
  {
    rule: "deploy-rules-original",
    what: "an affinity of the manifest",
    changes: inManifest("      containers:", "      affinity: {}\n      containers:"),
    at: `${template}:10:1`,
  },
];

export const examples: readonly Example[] = [...treeExamples, ...templateExamples];
