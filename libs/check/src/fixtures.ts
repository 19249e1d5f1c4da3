// A small tree without mistakes, for tests that add one.
import { memoryTree } from "./memory-tree.ts";
import { readContext } from "./read-context.ts";
import type { CheckContext } from "./rule.ts";
import { runRules } from "./run-rules.ts";
import type { TemplateTry } from "./rendered-template.ts";
import type { FileText } from "./tree.ts";
import { withTemplates } from "./with-templates.ts";

type Files = Readonly<Record<string, string | FileText | undefined>>;

export const soundTree = {
  "configuration/layout.yaml": `kubernetes:
  api-servers-url: https://10.0.0.1:6443
machine-sku:
  SMALL: {mem: 4Gi, cpu: {vcore: 2}}
machine-list:
  - {hostname: m1, hostip: 10.0.0.1, machine-type: SMALL, pai-master: "true"}
  - {hostname: w1, hostip: 10.0.0.2, machine-type: SMALL, pai-worker: "true"}
`,
  "configuration/services-configuration.yaml": `cluster:
  docker-registry: {domain: "registry.example:5000", namespace: pai, tag: v1, secret-name: pull}
web:
  port: 8080
`,
  "src/base/build/base.dockerfile": "FROM debian:bookworm\n",
  "src/store/deploy/service.yaml": "start-script: start.sh\n",
  "src/store/deploy/start.sh": "#!/bin/bash\ntrue\n",
  "src/web/build/web.dockerfile": "FROM base\nCOPY build/run /run\n",
  "src/web/build/run": "#!/bin/sh\n",
  "src/web/config/web.yaml": "port: 80\nhost: a\n",
  "src/web/deploy/service.yaml": `prerequisite:
  - store
template-list:
  - web.yaml
start-script: start.sh
deploy-rules:
  - in: pai-worker
`,
  "src/web/deploy/web.yaml.template": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example:5000/pai/web:v1
`,
  "src/web/deploy/start.sh": "#!/bin/bash\nkubectl apply -f web.yaml\n",
} satisfies Files;

/** The context of the sound tree with the given files in it, in place of its own, or (undefined) taken away. */
export function contextOf(
  changes: Files = {},
  more: Partial<CheckContext> = {},
  tries: Readonly<Record<string, TemplateTry>> = {},
): CheckContext {
  const files = Object.entries<string | FileText | undefined>({ ...soundTree, ...changes }).flatMap(
    ([file, content]) => (content === undefined ? [] : [[file, content] as const]),
  );
  const tree = memoryTree(Object.fromEntries(files));
  const shown = (name: string): string => `configuration/${name}`;
  const below = { list: tree.list, exists: tree.exists, read: (name: string) => tree.read(shown(name)) };
  const read = readContext(tree, { tree: below, shown });
  const context = { ...read, env: {}, problems: [], templates: [], objects: [], ...more };
  // Templates without expressions stand for themselves; what Jinja2 makes of others is handed in.
  return withTemplates(context, (file, source) => tries[file] ?? { text: source });
}

/** `rule file:line:column` of each finding. */
export function placesIn(...input: Parameters<typeof contextOf>): string[] {
  return runRules(contextOf(...input)).map(
    ({ rule, file, line, column }) => `${rule} ${file}:${line}:${column}`,
  );
}
