// The commands of docs/ci.md, read out of the page, on real history, engine, registry and cluster. Only what
// receives the comment is ours: GitHub's program, and a server that answers as GitLab does.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { formatModelJson, parseYaml, type ModelValue } from "@pai/model";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runCommand, type CommandResult } from "./support/cli.ts";
import { localKubeconfig } from "./support/cluster.ts";
import { engine, localTags } from "./support/docker.ts";
import { copyWorkspace, type Workspace } from "./support/workspace.ts";

const id = `ci-${randomUUID().slice(0, 8)}`;

/** Steps of GitHub's jobs have a `run`, GitLab's a list of scripts. */
interface Job {
  readonly steps?: readonly { readonly run?: string }[];
  readonly script?: readonly string[];
}

/** What a job of the page runs, without what gets a machine ready. */
async function commandsOf(file: string, job: string): Promise<string> {
  const page = await readFile(path.join(import.meta.dirname, "../docs/ci.md"), "utf8");
  const blocks = page.matchAll(/^```yaml\n# (\S+)\n([^]*?)^```$/gm);
  const block = [...blocks].find(([, name]) => name === file)?.[2] ?? "";
  const pipeline = JSON.parse(formatModelJson(parseYaml(block, file).value as ModelValue)) as {
    readonly jobs?: Readonly<Record<string, Job>>;
  } & Readonly<Record<string, Job>>;
  const { steps = [], script } = (pipeline.jobs ?? pipeline)[job] ?? {};
  const commands = script?.join("\n") ?? steps.findLast(({ run }) => run !== undefined)?.run;
  if (commands === undefined) throw new Error(`docs/ci.md has no job ${job} in ${file}`);
  return commands;
}

const token = randomUUID();
let notes: { readonly url: string | undefined; readonly token: unknown; readonly body: string | null }[] = [];
const gitlab = createServer((request, response) => {
  void text(request).then((form) => {
    const { url, headers } = request;
    notes.push({ url, token: headers["private-token"], body: new URLSearchParams(form).get("body") });
    response.writeHead(201, { "content-type": "application/json" }).end("{}");
  });
});

let workspace: Workspace;
beforeAll(async () => {
  workspace = await copyWorkspace("hbase-mini");
  const file = "configuration/services-configuration.yaml";
  const configuration = await workspace.read(file);
  await workspace.write(file, configuration.replace("namespace: hbase-mini", `namespace: ${id}`));
  await workspace.write(
    "src/hbase/deploy/hbase.yaml.template",
    `apiVersion: v1
kind: Pod
metadata: {name: ${id}}
spec:
  containers:
    - name: hbase
      image: {{ cluster_cfg['cluster']['docker-registry']['prefix'] }}hbase:{{ cluster_cfg['cluster']['docker-registry']['tag'] }}
`,
  );
  await workspace.write("bin/gh", '#!/bin/sh\necho "$*" > comment\ncat >> comment\n');
  await chmod(path.join(workspace.root, "bin/gh"), 0o755);
  await workspace.write(".git/info/exclude", "services.txt\nplan.*\nnote.json\ncomment\n");
  await workspace.commit("the tree");
  await once(gitlab.listen(0, "127.0.0.1"), "listening");
});
beforeEach(async () => {
  notes = [];
  await rm(path.join(workspace.root, "comment"), { force: true });
});
afterAll(async () => {
  gitlab.close();
  for (const tag of await localTags(id)) await engine("DELETE", `/images/${tag}?force=true`);
  await workspace.dispose();
});

/** As the runners do: GitHub's ends with the first command that fails, GitLab's also within a pipe. */
async function runJob(file: string, job: string): Promise<CommandResult> {
  const isGitHub = file.startsWith(".github");
  const { run, root, env } = workspace;
  const base = (await run("git", "rev-parse", "HEAD~1")).stdout.trim();
  const { port } = gitlab.address() as AddressInfo;
  const settings = isGitHub
    ? { BASE: base, PR: "7" }
    : {
        NX_BASE: base,
        PLAN_TOKEN: token,
        CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
        CI_PROJECT_ID: "11",
        CI_MERGE_REQUEST_IID: "7",
      };
  return runCommand(
    "bash",
    [...(isGitHub ? ["-e"] : ["-eo", "pipefail"]), "-c", await commandsOf(file, job)],
    {
      cwd: root,
      env: { ...env, ...settings, KUBECONFIG: localKubeconfig, PATH: `${root}/bin:${env["PATH"]}` },
    },
  );
}

async function shownOnGitHub(): Promise<string | undefined> {
  return workspace.read("comment").catch(() => undefined);
}

const pipelines = [".github/workflows/services.yml", ".gitlab-ci.yml"];

test("a base image changes: what is on top of it is pushed, and the plan of who runs it is a comment", async () => {
  await workspace.write("src/base/build/base.txt", "changed\n");
  await workspace.commit("a base image");
  for (const file of pipelines) {
    expect(await runJob(file, "images")).toMatchObject({ code: 0 });
    expect(await runJob(file, "plan")).toMatchObject({ code: 0 });
  }
  const comment = (await shownOnGitHub()) ?? "";
  expect(comment).toMatch(/^pr comment 7 --body-file - --edit-last --create-if-none\n```\n/);
  expect(comment).toContain(`+ Pod ${id}\n      image 127.0.0.1:5077/${id}/hbase:latest@sha256:`);
  expect(notes).toEqual([
    { url: "/api/v4/projects/11/merge_requests/7/notes", token, body: expect.any(String) },
  ]);
  expect(notes[0]?.body).toContain(`+ Pod ${id}\n`);
});

test.each([
  ["a service is removed", () => rm(path.join(workspace.root, "src/hbase"), { recursive: true })],
  ["an image that no service runs", () => workspace.write("src/hadoop/build/hadoop.txt", "changed\n")],
])("%s: there is nothing to plan, which is no failure, and no comment", async (message, change) => {
  await change();
  await workspace.commit(message);
  for (const file of pipelines) expect(await runJob(file, "plan")).toMatchObject({ code: 0, stdout: "" });
  expect(await workspace.read("services.txt")).toBe("");
  expect({ github: await shownOnGitHub(), gitlab: notes }).toEqual({ github: undefined, gitlab: [] });
});
