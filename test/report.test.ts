// A run that fails leaves a folder with all that tells why, also after everything has been repaired.
import { mkdir, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "./support/cli.ts";
import { imageNamespace, localKubeconfig, makeDeployTree, type DeployTree } from "./support/cluster.ts";

const paictl = path.join(import.meta.dirname, "../tools/paictl/src/main.ts");
const password = "opensesame-12345";
let tree: DeployTree;
beforeEach(async () => {
  tree = await makeDeployTree();
});
afterEach(() => tree.remove());

test("a failed start leaves plan, timeline, cause, logs, events and objects, and no secret", async () => {
  await tree.write({
    "configuration/services-configuration.yaml": `cluster:
  docker-registry: {domain: "127.0.0.1:5077", namespace: ${imageNamespace}, tag: "1", secret-name: none, username: u, password: ${password}}
`,
  });
  await tree.addService("a", {
    command: `echo preparing with ${password}; echo storage directory does not exist; exit 3`,
  });
  await tree.write({
    "src/{a}/deploy/login.yaml.template": `apiVersion: v1
kind: Secret
metadata: {name: login, namespace: "{ns}"}
stringData: {key: very-secret-value}
`,
    "src/{a}/deploy/service.yaml": `template-list: [a.yaml, login.yaml]
start-script: start.sh
stop-script: stop.sh
`,
    "src/{a}/deploy/start.sh":
      'cd "$(dirname "$0")" || exit\nkubectl apply -f login.yaml -f a.yaml || exit $?\n',
  });
  await tree.addService("b", { needs: ["a"] });
  const reports = path.join(tree.root, "dist/reports");
  for (let second = 10; second < 32; second += 1)
    await mkdir(path.join(reports, `2020-01-01T00-00-${second}`), { recursive: true });

  const argv = [
    paictl,
    "service",
    "start",
    "-p",
    "configuration",
    "--root",
    tree.root,
    "-c",
    localKubeconfig,
    "--output",
    "json",
  ];
  const { code, stderr, stdout } = await runCommand(process.execPath, argv, { cwd: tree.root });
  expect(code).toBe(1);
  expect(stderr).toContain("error[NOT_READY]");
  const page = /report {3}(dist\/reports\/\S+\/report\.md)/.exec(stderr)?.[1] ?? "";
  expect(stdout).toContain(JSON.stringify({ type: "report", path: page }).slice(1, -1));

  await expectEvents(stdout);

  const folder = path.join(tree.root, path.dirname(page));
  const files = await readdir(folder, { recursive: true });
  const texts = await Promise.all(
    files
      .filter((file) => /\.\w+$/.test(file))
      .map(async (file) => [file, await readFile(path.join(folder, file), "utf8")] as const),
  );
  const text = (name: string): string => texts.find(([file]) => file.endsWith(name))?.[1] ?? "";
  const markdown = text("report.md").replaceAll(`${tree.namespace}-`, "");
  expect(markdown).toContain("# start failed: a\n");
  expect(markdown).toMatch(/\| b \| a \| skipped \|/);
  expect(markdown).toMatch(/not ready: .*container main exited with 3/);
  expect(markdown).toMatch(/\[main, (as it runs|before its restart)\]/);
  expect(markdown).toContain("storage directory does not exist");
  expect(markdown).toMatch(/\| Warning \| Pod a-\w+ \| BackOff \|/);
  expect(text("junit.xml")).toContain('tests="2" failures="1" errors="0" skipped="1"');
  expect(JSON.parse(text("report.json"))).toMatchObject({ action: "start", errors: [{ code: "NOT_READY" }] });
  const logs = texts.filter(([file]) => file.endsWith(".log")).map(([, content]) => content);
  expect(logs).toContain("preparing with ***\nstorage directory does not exist\n");
  expect(text("login.yaml")).toMatch(/kind: Secret[^]*key: '\*\*\*'/);
  for (const [file, content] of texts) {
    expect(content, file).not.toContain(password);
    expect(content, file).not.toContain("very-secret-value");
    expect(content, file).not.toContain(Buffer.from("very-secret-value").toString("base64"));
  }
  expect(await readdir(reports)).toHaveLength(20);
});

/** Each line has the fields that the schema of events wants, and no others. */
async function expectEvents(stdout: string): Promise<void> {
  const file = path.join(import.meta.dirname, "../docs/schemas/event.schema.json");
  const schema = JSON.parse(await readFile(file, "utf8")) as {
    readonly $defs: Readonly<Record<string, { readonly properties: object; readonly required: string[] }>>;
  };
  for (const line of stdout.trimEnd().split("\n")) {
    const event = JSON.parse(line) as { readonly type: string };
    const { properties = {}, required = [] } = schema.$defs[event.type] ?? {};
    expect(Object.keys(properties), line).toEqual(expect.arrayContaining(Object.keys(event)));
    expect(Object.keys(event), line).toEqual(expect.arrayContaining(required));
  }
}
