// What lies in a service's folder besides plain files: each is built, or refused by its name.
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { formatError } from "@pai/core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createImageTree, engine, importShell, type ImageTree, type Outcome } from "./support/docker.ts";
import { freePort } from "./support/registry.ts";

const shell = `pai-shell-${process.pid}`;
const nobody = 65_534;
let host: string;
let tree: ImageTree;

beforeAll(async () => {
  await importShell(shell);
  host = `127.0.0.1:${await freePort()}`;
});
afterAll(() => engine("DELETE", `/images/${shell}:1?force=true`));
afterEach(async () => {
  vi.unstubAllEnvs();
  await tree.remove();
});

/** One image that copies all of its service, and prints what came of it. */
async function treeWith(make: (folder: string) => void, print = "ls /x"): Promise<ImageTree> {
  tree = await createImageTree({
    registry: host,
    files: {
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY . /x\nRUN ${print}\n`,
      "src/{a}/plain": "plain\n",
    },
  });
  make(path.join(tree.root, "src", tree.name("a")));
  return tree;
}

function outputOf({ events, errors }: Outcome): string[] {
  expect(errors).toEqual([]);
  return events.flatMap((event) => (event.type === "output" ? [event.line] : []));
}

function textOf({ errors }: Outcome): string {
  expect(errors).toHaveLength(1);
  return formatError(errors[0]).replaceAll(tree.name(""), "");
}

test("a named pipe is refused by its name, and .dockerignore takes it out of the way", async () => {
  const { build, write } = await treeWith((folder) => execFileSync("mkfifo", [path.join(folder, "pipe")]));
  expect(textOf(await build())).toContain(
    "src/a/pipe cannot be part of a build context\n  caused by: it is a named pipe\n  hint: remove it, or name it in .dockerignore",
  );
  await write({ "src/{a}/.dockerignore": "pipe\n" });
  expect(outputOf(await build())).toEqual(["build", "plain"]);
});

test("a socket is left out, as Docker's own client does", async () => {
  let server: Server | undefined;
  const { build } = await treeWith((folder) => {
    server = createServer().listen(path.join(folder, "socket"));
  });
  expect(outputOf(await build())).toEqual(["build", "plain"]);
  server?.close();
});

test("a file that may not be read is named before anything is built", async () => {
  const { build, root } = await treeWith((folder) => {
    writeFileSync(path.join(folder, "private"), "x");
    chmodSync(path.join(folder, "private"), 0);
  });
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" }))
    chownSync(path.join(root, file), nobody, nobody);
  chownSync(root, nobody, nobody);
  // Root's own login is nobody's business.
  vi.stubEnv("DOCKER_CONFIG", root);
  process.seteuid?.(nobody);
  const outcome = await build().finally(() => process.seteuid?.(0));
  const text = textOf(outcome);
  expect(text).toContain("error[BUILD_FAILED]: a: read src/a/private for the build context");
  expect(text).toContain("caused by: EACCES: permission denied");
  expect(text).toContain("hint: make it readable for who builds, or name it in .dockerignore");
  expect(outcome.events.some(({ type }) => type === "started")).toBe(false);
});

test("links stay links, wherever they lead", async () => {
  const { build } = await treeWith((folder) => {
    symlinkSync("plain", path.join(folder, "inside"));
    symlinkSync("../../../../../etc/hostname", path.join(folder, "outside"));
    symlinkSync("gone", path.join(folder, "dangling"));
  }, "ls -l /x | cat");
  const lines = outputOf(await build()).map((line) => line.replace(/^.* \d{4} /, ""));
  expect(lines).toContain("inside -> plain");
  expect(lines).toContain("outside -> ../../../../../etc/hostname");
  expect(lines).toContain("dangling -> gone");
});

test("a file that grows while it is sent ends the build", async () => {
  const { build, root, name } = await treeWith((folder) => truncateSync(touched(folder, "log"), 64 << 20));
  const timer = setInterval(() => appendFileSync(path.join(root, "src", name("a"), "log"), "x"), 2);
  const outcome = await build().finally(() => clearInterval(timer));
  expect(textOf(outcome)).toContain("src/a/log changed while the build context was sent");
});

test("large files and names of every kind arrive as they are", async () => {
  const names = ["grüße und ☃", "a'b\"c$d", "-rf", `${"long".repeat(50)}.txt`, "日本語"];
  const { build } = await treeWith((folder) => {
    for (const each of names) writeFileSync(path.join(folder, each), "x");
    truncateSync(touched(folder, "large"), 200 << 20);
  }, `cd /x && for file in *; do echo "$file"; done && stat -c %s large`);
  const lines = outputOf(await build());
  expect(lines).toEqual(expect.arrayContaining([...names, String(200 << 20)]));
});

function touched(folder: string, name: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, "");
  return file;
}
