// paictl check on real trees: 40 planted mistakes, the same tree repaired, this repository's own, OpenPAI's,
// and trees damaged by chance.
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkTree } from "@pai/actions/check";
import { describe, expect, onTestFinished, test } from "vitest";
import { runCommand, type CommandResult } from "./support/cli.ts";
import { damage, randomOf } from "./support/hostile-tree.ts";
import { copyWorkspace } from "./support/workspace.ts";

const repository = path.resolve(import.meta.dirname, "..");
const fixture = path.join(repository, "test/fixtures/check-mistakes");

function paictl(root: string, ...args: string[]): Promise<CommandResult> {
  const main = path.join(repository, "tools/paictl/src/main.ts");
  return runCommand(process.execPath, [main, ...args], { cwd: root });
}

interface Finding {
  readonly rule: string;
  readonly level: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

async function findingsIn(root: string, ...args: string[]): Promise<readonly Finding[]> {
  const { stdout, stderr } = await paictl(root, "check", "--offline", "--format", "json", ...args);
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "pai-check-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function repairedTree(): Promise<string> {
  const root = path.join(await temporaryFolder(), "tree");
  await cp(path.join(fixture, "mistakes"), root, { recursive: true });
  await cp(path.join(fixture, "repaired"), root, { recursive: true });
  return root;
}

test("names each of 40 different mistakes by file and line, and nothing else", async () => {
  const findings = await findingsIn(path.join(fixture, "mistakes"));
  expect(findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual(mistakes);
  expect(mistakes).toHaveLength(40);
});

test("finds nothing in the same tree repaired", async () => {
  const { code, stdout } = await paictl(await repairedTree(), "check", "--offline");
  expect(stdout).toMatch(/^nothing found in \d+ files · Kubernetes 1\.34\.4 bundled · \d+\.\d s\n$/);
  expect(code).toBe(0);
});

test("exit code 1 when there are errors, 0 when there are only warnings and hints", async () => {
  const root = path.join(fixture, "mistakes");
  expect((await paictl(root, "check", "--offline")).code).toBe(1);
  const errors = (await findingsIn(root)).filter(({ level }) => level === "error").map(({ rule }) => rule);
  const { code, stdout } = await paictl(
    root,
    "check",
    "--offline",
    ...errors.flatMap((rule) => ["--ignore", rule]),
  );
  expect(stdout).toContain("  warning  duplicate-key ");
  expect(code).toBe(0);
});

test("without a tree, and with a rule that does not exist, it says so and ends with 2", async () => {
  const empty = await paictl(await temporaryFolder(), "check");
  expect(empty).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("there is no folder src") as string,
  });
  const unknown = await paictl(repository, "check", "--ignore", "duplicate-kee");
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean "duplicate-key"?') as string,
  });
});

test("with -n, other services' mistakes are left out, the configuration's are not", async () => {
  const files = new Set(
    (await findingsIn(path.join(fixture, "mistakes"), "-n", "mail")).map(({ file }) => file),
  );
  expect([...files].filter((file) => file.startsWith("src/") && !file.startsWith("src/mail/"))).toEqual([]);
  expect(files).toContain("configuration/layout.yaml");
  expect(files).toContain("src/mail/deploy/mail.conf.template");
});

test("a service that cannot be read does not keep the others from being checked", async () => {
  const root = await repairedTree();
  await writeFile(path.join(root, "src/store/deploy/service.yaml"), "{");
  await writeFile(path.join(root, "src/mail/config/mail.yaml"), "- [");
  await writeFile(
    path.join(root, "src/shop/deploy/shop.conf.template"),
    "{{ cluster_cfg['shop']['wrokers'] }}{{ cluster_cfg['shop']['prot'] }}",
  );
  await mkdir(path.join(root, "src/settings/config"));
  await writeFile(
    path.join(root, "src/settings/config/settings.ts"),
    "\nexport const run = () => nothing.there;",
  );
  const needy = "src/store/deploy/store.yaml.template";
  await writeFile(path.join(root, needy), "{{ cluster_cfg['settings']['made']['here'] }}");
  const findings = (await findingsIn(root)).map(({ file, rule }) => `${file} ${rule}`);
  expect(findings).toEqual([
    "src/mail/config/mail.yaml yaml-syntax",
    "src/settings/config/settings.ts refused",
    "src/shop/deploy/shop.conf.template undefined-value",
    "src/shop/deploy/shop.conf.template undefined-value",
    "src/store/deploy/service.yaml yaml-syntax",
  ]);
});

test("a model file takes the place of the configuration folder", async () => {
  const root = await repairedTree();
  const { stdout: text } = await paictl(root, "config", "model", "--format", "json");
  const model = JSON.parse(text) as { shop: Record<string, unknown> };
  await rm(path.join(root, "configuration"), { recursive: true });
  await writeFile(path.join(root, "model.json"), text);
  expect(await findingsIn(root, "--model", "model.json")).toEqual([]);
  await writeFile(path.join(root, "model.json"), JSON.stringify({ ...model, shop: {} }));
  const missing = await findingsIn(root, "--model", "model.json");
  expect(missing.map(({ rule, file, message }) => `${rule} ${file} ${message}`)).toContain(
    "undefined-value src/shop/deploy/shop.conf.template cluster_cfg['shop']['workers'] is not set; it would belong to model.json:1; it comes out empty",
  );
  await writeFile(path.join(root, "model.json"), '{"shop": {},\n"cluster": {}, "shop": {"workers": 1}}');
  expect(await findingsIn(root, "--model", "model.json")).toContainEqual(
    expect.objectContaining({ rule: "duplicate-key", file: "model.json", line: 2 }),
  );
  await writeFile(path.join(root, "model.json"), '{"cluster": {}}');
  const broken = await findingsIn(root, "--model", "model.json");
  expect(broken.map(({ rule, file }) => `${rule} ${file}`)).toContain("refused model.json");
  expect(await paictl(root, "check", "--model", "nowhere.json")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("there is no model file nowhere.json") as string,
  });
});

test("this repository's own services have no errors and no warnings", async () => {
  const findings = await findingsIn(repository);
  expect(findings.filter(({ level }) => level !== "hint")).toEqual([]);
});

describe("trees of OpenPAI's generations have only the mistakes that such trees really have", () => {
  test.each([
    ["openpai-v0.9", ["unknown-prerequisite src/rest-server/deploy/service.yaml:3"]],
    ["openpai-v0.14", ["unknown-prerequisite src/hadoop-resource-manager/deploy/service.yaml:3"]],
    [
      "openpai-v1.8",
      [
        "unset-variable configuration/services-configuration.yaml:11",
        "unknown-prerequisite src/hivedscheduler/deploy/service.yaml:5",
      ],
    ],
  ])("%s", async (name, expected) => {
    const findings = await findingsIn(path.join(repository, "test/fixtures", name));
    const errors = findings.filter(({ level }) => level === "error");
    expect(errors.map(({ rule, file, line }) => `${rule} ${file}:${line}`)).toEqual(expected);
  });
});

describe("nx", () => {
  test("keeps the result of a check until something that it reads changes", async () => {
    const workspace = await copyWorkspace("hbase-mini");
    onTestFinished(() => workspace.dispose());
    await workspace.commit("all");
    const check = async (): Promise<CommandResult & { readonly fromCache: boolean }> => {
      const result = await workspace.run("nx", "run", "hbase:check");
      return { ...result, fromCache: result.stdout.includes("read the output from the cache") };
    };
    expect(await check()).toMatchObject({ code: 0, fromCache: false });
    expect(await check()).toMatchObject({ code: 0, fromCache: true });
    const layout = await workspace.read("configuration/layout.yaml");
    await workspace.write("configuration/layout.yaml", layout.replace("machine-list", "machine-lits"));
    const broken = await check();
    expect(broken).toMatchObject({ code: 1, fromCache: false });
    expect(broken.stdout).toContain("missing-setting");
    await workspace.write("configuration/layout.yaml", layout);
    expect(await check()).toMatchObject({ code: 0, fromCache: true });
    // A mistake of another service is that service's.
    await workspace.write("src/zookeeper/deploy/service.yaml", "{");
    expect(await check()).toMatchObject({ code: 0, fromCache: false });
    expect((await workspace.run("nx", "run", "zookeeper:check")).code).toBe(1);
  });

  test("affected checks the services that a commit touches, and no other", async () => {
    const workspace = await copyWorkspace("hbase-mini");
    onTestFinished(() => workspace.dispose());
    const first = await workspace.commit("first");
    const affected = async (...args: string[]): Promise<CommandResult> =>
      workspace.run("nx", "affected", "-t", "check", `--base=${first}`, "--head=HEAD", ...args);
    const template = "src/hbase/deploy/hbase.yaml.template";
    await workspace.write(
      template,
      `${await workspace.read(template)}  port: "{{ cluster_cfg['zookeper']['port'] }}"\n`,
    );
    await workspace.commit("a setting that is not there");
    const graph = await affected("--graph=stdout");
    const { tasks } = JSON.parse(graph.stdout) as { readonly tasks: { readonly tasks: object } };
    expect(Object.keys(tasks.tasks)).toEqual(["hbase:check"]);
    const failed = await affected();
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain(template);
    expect(failed.stdout).toContain("missing-key");
  });
});

test("whatever a tree holds, there are findings, never a crash, a hang or a look outside", async () => {
  const seed = Number(process.env["PAI_SEED"] ?? 20261124);
  const rounds = Number(process.env["PAI_ROUNDS"] ?? 40);
  const outside = await temporaryFolder();
  const secret = "canary-of-the-check";
  const canary = path.join(outside, "elsewhere", "service.yaml");
  await mkdir(path.dirname(canary));
  await writeFile(canary, `prerequisite: [${secret}]\n${secret}: {{ ${secret} }}\n`);
  for (let round = 0; round < rounds; round++) {
    const root = path.join(outside, `tree-${round}`);
    await cp(path.join(fixture, "mistakes"), root, { recursive: true });
    await cp(path.join(fixture, "repaired"), root, { recursive: true });
    const random = randomOf(seed + round);
    const done = Array.from({ length: 1 + Math.floor(random() * 6) }, () => damage({ root, canary, random }));
    const what = `PAI_SEED=${seed}, round ${round}: ${done.join(", ")}`;
    if (!existsSync(path.join(root, "src")) || !existsSync(path.join(root, "configuration"))) continue;
    const started = performance.now();
    const result = await checkTree({
      root,
      configuration: "configuration",
      report: () => {},
      signal: AbortSignal.timeout(60_000),
    }).catch((error: unknown) => {
      throw new Error(what, { cause: error });
    });
    expect(performance.now() - started, what).toBeLessThan(15_000);
    expect(JSON.stringify(result), what).not.toContain(secret);
    for (const { message, line, column } of result.findings) {
      expect(message, what).not.toMatch(/\p{Cc}/u);
      expect(line > 0 && column > 0, what).toBe(true);
    }
    await rm(root, { recursive: true, force: true });
  }
}, 900_000);

const mistakes = [
  "configuration/layout.yaml:2 invalid-url",
  "configuration/layout.yaml:18 unknown-key",
  "configuration/layout.yaml:20 duplicate-host",
  "configuration/layout.yaml:25 duplicate-address",
  "configuration/layout.yaml:26 unknown-machine-type",
  "configuration/layout.yaml:28 missing-setting",
  "configuration/layout.yaml:31 wrong-type",
  "configuration/services-configuration.yaml:9 unset-variable",
  "configuration/services-configuration.yaml:13 unknown-setting",
  "configuration/services-configuration.yaml:14 unknown-setting",
  "configuration/services-configuration.yaml:17 clear-text-secret",
  "configuration/services-configuration.yaml:19 duplicate-key",
  "src/archive/deploy/service.yaml:2 yaml-syntax",
  "src/backup/deploy/service.yaml:1 wrong-type",
  "src/base/build/base.dockerfile:2 dockerfile",
  "src/mail/build/component.dep:2 unknown-component",
  "src/mail/deploy/mail.conf.template:2 missing-key",
  "src/mail/deploy/mail.yaml.template:16 unknown-image",
  "src/mail/deploy/service.yaml:8 unknown-key",
  "src/mail/deploy/service.yaml:10 unknown-label",
  "src/mail/deploy/start.sh:1 script-interpreter",
  "src/settings/deploy/broken.yaml.template:6 rendered-yaml",
  "src/settings/deploy/loop.txt.template:3 template-syntax",
  "src/settings/deploy/settings.yaml.template:4 duplicate-object",
  "src/settings/deploy/settings.yaml.template:11 object-name",
  "src/settings/deploy/settings.yaml.template:17 unknown-kind",
  "src/shop/build/shop.dockerfile:2 missing-source",
  "src/shop/deploy/service.yaml:3 unknown-prerequisite",
  "src/shop/deploy/service.yaml:7 missing-template",
  "src/shop/deploy/service.yaml:8 leaves-folder",
  "src/shop/deploy/shop.conf.template:5 undefined-value",
  "src/shop/deploy/shop.yaml.template:8 selector-mismatch",
  "src/shop/deploy/shop.yaml.template:19 field-type",
  "src/shop/deploy/shop.yaml.template:20 unknown-field",
  "src/shop/deploy/start.sh:2 script-line-ends",
  "src/store/build/store.dockerfile:1 unknown-base-image",
  "src/store/deploy/service.yaml:3 prerequisite-cycle",
  "src/store/deploy/service.yaml:6 missing-script",
  "src/store/deploy/store.yaml.template:1 removed-api",
  "src/tools/build/tools.dockerfile:2 image-cycle",
];
