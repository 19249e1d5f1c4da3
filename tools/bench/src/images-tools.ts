// The tools that the bench of images compares, each as somebody would run it.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ImagesTree } from "./images-tree.ts";
import { packPrograms, treePrograms } from "./programs.ts";

const { paiBuild } = process.argv.includes("--installed") ? packPrograms() : treePrograms;
const socketPath = "/var/run/docker.sock";

export interface Run {
  readonly seconds: number;
  /** Of the process, not of the engine. */
  readonly peakMegabytes: number;
  readonly output: string;
}

export function runPaiBuild(
  { root }: Pick<ImagesTree, "root">,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Run {
  const usage = path.join(tmpdir(), `pai-bench-usage-${process.pid}.json`);
  const hook = `${usage}.cjs`;
  writeFileSync(
    hook,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(usage)}, String(process.resourceUsage().maxRSS)))`,
  );
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--require", hook, paiBuild, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(stderr);
  const peakMegabytes = Number(readFileSync(usage, "utf8")) / 1024;
  rmSync(usage);
  rmSync(hook);
  return { seconds, peakMegabytes, output: stderr };
}

/** `docker build`, one service after the other, with the classic builder. */
export function dockerBuild(
  { root }: Pick<ImagesTree, "root">,
  services: readonly string[],
  prefix: string,
): number {
  const started = performance.now();
  for (const name of services) {
    const file = `src/${name}/build/${name}.dockerfile`;
    docker(root, ["build", "--network", "host", "-q", "-t", `${prefix}-${name}`, "-f", file, `src/${name}`]);
  }
  return (performance.now() - started) / 1000;
}

export function dockerPush(references: readonly string[]): number {
  const started = performance.now();
  for (const reference of references) docker("/", ["push", "-q", reference]);
  return (performance.now() - started) / 1000;
}

function docker(cwd: string, args: readonly string[]): void {
  const env = { ...process.env, DOCKER_BUILDKIT: "0" };
  const { status, stderr } = spawnSync("docker", args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`docker ${args.join(" ")}: ${stderr}`);
}

/**
 * BuildKit as `docker build` would use it, one service after the other: the whole context as a tar to the
 * engine's API. The client's own start-up is not in it, as its build plug-in is not in Debian.
 */
export async function buildkitBuild(
  { root }: ImagesTree,
  services: readonly string[],
  prefix: string,
): Promise<number> {
  const started = performance.now();
  for (const name of services) {
    const query = new URLSearchParams({
      version: "2",
      t: `${prefix}-${name}`,
      dockerfile: `build/${name}.dockerfile`,
      networkmode: "host",
    });
    const answer = await postContext(path.join(root, "src", name), `/build?${query.toString()}`);
    if (answer.includes('"errorDetail"') || !answer.includes("moby.image.id"))
      throw new Error(answer.slice(-500));
  }
  return (performance.now() - started) / 1000;
}

function postContext(folder: string, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const tar = spawn("tar", ["-c", "-C", folder, "."], { stdio: ["ignore", "pipe", "inherit"] });
    const headers = { "content-type": "application/x-tar" };
    // A connection that is kept may have been given up while other tools had their turn.
    const post = request({ agent: false, socketPath, method: "POST", path: url, headers }, (response) => {
      let answer = "";
      response.on("data", (chunk: Buffer) => (answer += String(chunk))).on("end", () => resolve(answer));
    });
    post.on("error", reject);
    tar.stdout.pipe(post);
  });
}

/** Of an engine; those without a tag, too. */
export function countImages(host: string): number {
  const { stdout } = spawnSync("docker", ["--host", host, "images", "--all", "--quiet"], {
    encoding: "utf8",
  });
  return stdout.split("\n").filter(Boolean).length;
}

export function removeImages(text: string): void {
  const { stdout } = spawnSync("docker", ["images", "--format", "{{.Repository}}:{{.Tag}}"], {
    encoding: "utf8",
  });
  const references = stdout.split("\n").filter((line) => line.includes(text) && !line.includes("<none>"));
  for (let at = 0; at < references.length; at += 50)
    spawnSync("docker", ["rmi", "-f", ...references.slice(at, at + 50)]);
}
