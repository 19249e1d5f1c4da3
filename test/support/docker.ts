// Trees of images to build, and what a test wants to know of the engine. Every name is the test's own.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import {
  buildServices,
  pushServices,
  type BuildServicesOptions,
  type PushServicesOptions,
} from "@pai/actions/build";
import type { ActionEvent, Report } from "@pai/core";
import { ensureStaticBusybox } from "../../tools/local/src/busybox.ts";
import { readSettings } from "../../tools/local/src/settings.ts";

const run = promisify(execFile);

export interface ImageTree {
  readonly root: string;
  /** In front of every service and image, as images have one name space in an engine: `name("a")`. */
  readonly name: (short: string) => string;
  /** `registry/namespace/image:tag` */
  readonly reference: (short: string, tag?: string) => string;
  readonly repository: (short: string) => string;
  /** Files by path; `{x}` in paths and texts stands for the name of x. */
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
  readonly build: (options?: Partial<BuildServicesOptions>) => Promise<Outcome>;
  readonly push: (options?: Partial<PushServicesOptions>) => Promise<Outcome>;
  readonly remove: () => Promise<void>;
}

/** What a run said, and how it ended. */
export interface Outcome {
  readonly events: readonly ActionEvent[];
  readonly errors: readonly Error[];
  /** Per image, without the tree's prefix: `built`, `in the registry` … */
  readonly images: Readonly<Record<string, string>>;
}

export interface ImageTreeOptions {
  /** `host:port` */
  readonly registry: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** More of `cluster.docker-registry`, as YAML after the keys that every tree has. */
  readonly settings?: string;
  readonly files: Readonly<Record<string, string>>;
}

export async function createImageTree({
  registry,
  credentials,
  settings = "",
  files,
}: ImageTreeOptions): Promise<ImageTree> {
  const root = await mkdtemp(path.join(tmpdir(), "pai-images-"));
  const id = `t${randomBytes(4).toString("hex")}`;
  const name = (short: string): string => `${id}-${short}`;
  const fill = (text: string): string => text.replaceAll(/\{([a-z]+)\}/g, (_, short: string) => name(short));
  const write = async (all: Readonly<Record<string, string>>): Promise<void> => {
    for (const [file, text] of Object.entries(all)) {
      const target = path.join(root, fill(file));
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, fill(text));
    }
  };
  const login = credentials ? `, username: ${credentials.username}, password: ${credentials.password}` : "";
  await write({
    "configuration/layout.yaml": `kubernetes: {api-servers-url: "https://127.0.0.1:1"}
machine-sku: {SMALL: {mem: 1}}
machine-list:
- {hostname: m1, hostip: 127.0.0.1, machine-type: SMALL, pai-master: "true"}
`,
    "configuration/services-configuration.yaml": `cluster:
  docker-registry: {domain: "${registry}", namespace: ${id}, tag: latest, secret-name: s${login}${settings}}
`,
    ...files,
  });
  const collect = async (
    work: (report: Report) => Promise<void>,
    watch: Report = () => undefined,
  ): Promise<Outcome> => {
    const events: ActionEvent[] = [];
    const failure = await work((event) => {
      events.push(event);
      watch(event);
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    const errors = (failure instanceof AggregateError ? failure.errors : [failure ?? []].flat()) as Error[];
    return { events, errors, images: imagesOf(events, `${id}-`) };
  };
  const common = { root, configuration: "configuration", signal: new AbortController().signal };
  return {
    root,
    name,
    repository: (short) => `${id}/${name(short)}`,
    reference: (short, tag = "latest") => `${registry}/${id}/${name(short)}:${tag}`,
    write,
    build: (options) =>
      collect((report) => buildServices({ ...common, ...options, report }), options?.report),
    push: (options) => collect((report) => pushServices({ ...common, ...options, report }), options?.report),
    remove: async () => {
      for (const image of await localTags(id)) await engine("DELETE", `/images/${image}?force=true`);
      await rm(root, { recursive: true, force: true });
    },
  };
}

function imagesOf(events: readonly ActionEvent[], prefix: string): Record<string, string> {
  const entries = events.flatMap((event): [string, string][] => {
    if (event.type === "finished") return [[event.image ?? "", event.detail.split(/ c-| sha256|,/)[0] ?? ""]];
    if (event.type === "failed" || event.type === "skipped") return [[event.image ?? "", event.type]];
    return [];
  });
  return Object.fromEntries(entries.map(([image, what]) => [image.replace(prefix, ""), what]));
}

const defaultSocket = "/var/run/docker.sock";

/** One request to an engine, with a tar or an object; the answer as JSON where it is some. */
export async function engine(
  method: string,
  url: string,
  content?: Buffer | object,
  socketPath = defaultSocket,
): Promise<unknown> {
  const isTar = Buffer.isBuffer(content);
  const body = content === undefined || isTar ? content : Buffer.from(JSON.stringify(content));
  const type = isTar ? "application/x-tar" : "application/json";
  const text = await new Promise<string>((resolve, reject) => {
    const headers = {
      // Of a push: nobody logs in.
      "x-registry-auth": "e30=",
      ...(body ? { "content-type": type, "content-length": body.length } : {}),
    };
    request({ socketPath, method, path: url, headers }, (response) => {
      let answer = "";
      response.on("data", (chunk: Buffer) => (answer += String(chunk))).on("end", () => resolve(answer));
    })
      .on("error", reject)
      .end(body);
  });
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

interface InspectedImage {
  readonly Id?: string;
  readonly Architecture?: string;
  readonly Config?: { readonly Labels?: Readonly<Record<string, string>> };
  readonly RootFS?: { readonly Layers?: readonly string[] };
}

/** The id of an image that the engine has. */
export async function imageId(reference: string): Promise<string | undefined> {
  return (await inspectImage(reference)).Id;
}

export async function inspectImage(reference: string): Promise<InspectedImage> {
  return (await engine("GET", `/images/${reference}/json`)) as InspectedImage;
}

/** All tags of an engine that hold the text, sorted, as the engine's own order changes. */
export async function localTags(text: string, socketPath = defaultSocket): Promise<string[]> {
  const images = (await engine("GET", "/images/json", undefined, socketPath)) as {
    RepoTags: string[] | null;
  }[];
  return images
    .flatMap(({ RepoTags: tags }) => tags ?? [])
    .filter((tag) => tag.includes(text))
    .toSorted();
}

/** An image of one static busybox, which no registry has: `<reference>` as given. */
export async function importShell(repository: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "pai-shell-"));
  try {
    await mkdir(path.join(folder, "bin"));
    const busybox = await ensureStaticBusybox(readSettings(process.env), AbortSignal.timeout(60_000));
    await copyFile(busybox, path.join(folder, "bin/busybox"));
    await chmod(path.join(folder, "bin/busybox"), 0o755);
    for (const name of ["sh", "cat", "sleep", "ls", "ln", "mkdir", "stat", "wc"])
      await symlink("busybox", path.join(folder, "bin", name));
    const { stdout } = await run("tar", ["-c", "-C", folder, "."], { encoding: "buffer", maxBuffer: 1e8 });
    await engine("POST", `/images/create?fromSrc=-&repo=${repository}&tag=1`, stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}
