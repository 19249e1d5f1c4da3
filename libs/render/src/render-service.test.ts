import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ModelFloat, type Cluster, type ModelObject, type ModelValue, type Service } from "@pai/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderService } from "./render-service.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "pai-render-"));
  await mkdir(path.join(root, "src/a/deploy/conf"), { recursive: true });
});
afterAll(() => rm(root, { recursive: true }));

const model: ModelObject = new Map<string, ModelValue>([
  [
    "a",
    new Map<string, ModelValue>([
      ["port", 5],
      ["share", new ModelFloat(40)],
      ["hosts", ["x", "y"]],
    ]),
  ],
]);

async function render(templates: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(templates)) {
    await writeFile(path.join(root, "src/a/deploy", `${name}.template`), text);
  }
  const service: Service = {
    name: "a",
    folder: "src/a",
    images: [],
    components: [],
    problems: [],
    deploy: {
      file: "src/a/deploy/service.yaml",
      prerequisites: [],
      templates: Object.keys(templates).map((name, index) => ({ name, line: index + 1 })),
      scripts: {},
      deployRules: [{ operator: "in", label: "pai-master", line: 1 }],
    },
  };
  return renderService({ root, service, cluster: { model } as Cluster });
}

test("renders in the order of the list, folders and floats included", async () => {
  const files = await render({
    "conf/b.conf": "{{ cluster_cfg['a']['share'] }} {{ cluster_cfg.a.hosts|join(',') }}\n",
    "start.sh": "echo {{ cluster_cfg['a']['port'] }}",
  });
  expect(files).toMatchObject([
    { name: "conf/b.conf", template: "src/a/deploy/conf/b.conf.template", text: "40.0 x,y" },
    { name: "start.sh", template: "src/a/deploy/start.sh.template", text: "echo 5" },
  ]);
});

test("deploy-rules go into manifests", async () => {
  const [file] = await render({
    "a.yaml": "kind: Pod\nmetadata: {name: {{ cluster_cfg.a.port }}}\nspec: {}\n",
  });
  expect(file?.text).toContain("key: pai-master");
});

test("a missing key is named with line, column and the place in the text; all templates are tried", async () => {
  const rendering = render({
    "b.conf": "x\ny {{ cluster_cfg['b']['port'] }}\n",
    "c.conf": "{% if %}",
  });
  await expect(rendering).rejects.toMatchObject({
    errors: [
      {
        code: "TEMPLATE_INVALID",
        message: "render src/a/deploy/b.conf.template: 'dict object' has no attribute 'b'",
        location: {
          file: "src/a/deploy/b.conf.template",
          line: 2,
          excerpt: [expect.stringContaining("2 | y {{"), expect.stringMatching(/^ {2}\| +\^$/)],
        },
      },
      { code: "TEMPLATE_INVALID", location: { file: "src/a/deploy/c.conf.template", line: 1 } },
    ],
  });
});
