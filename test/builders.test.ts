// Both builders of an engine: what they make of the same tree, and how they fail and end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { buildServices, type BuildServicesOptions } from "@pai/actions/build";
import { expect, test, vi } from "vitest";
import { engine, imageId, localTags } from "./support/docker.ts";
import { imageSuite } from "./support/image-suite.ts";
import { startEngineWithoutBuildKit } from "./support/engine-proxy.ts";
import { listFiles } from "./support/filesystem.ts";
import { copyWorkspace } from "./support/workspace.ts";

const builders = ["buildkit", "classic"] as const;

const suite = imageSuite("builders");
const { shell, treeOf, textOf } = suite;

test.each(builders)(
  "%s shows a failing step with its line, its exit code and its last words",
  async (builder) => {
    const { build } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `ARG X=1\nFROM ${shell}:1 AS first\nENV A=1\nFROM first\nRUN true\nRUN echo broken >&2; exit 7\n`,
    });
    const text = textOf(await build({ builder }));
    expect(text).toMatch(/error\[BUILD_FAILED\]: a: step (2\/2|stage-1 2\/2|6\/6) ended with exit code 7/);
    expect(text).toContain("--> src/a/build/a.dockerfile:6\n");
    expect(text).toContain("last lines:\n     broken\n");
  },
);

test("a source that is not there is shown with its COPY", async () => {
  const { build } = await treeOf({ "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/gone /x\n` });
  const text = textOf(await build({ builder: "classic" }));
  expect(text).toContain("error[BUILD_FAILED]: a: step 2/2 failed\n  --> src/a/build/a.dockerfile:2");
  expect(text).toContain("COPY failed: file not found in build context");
  expect(text).toContain("hint: COPY reads from src/a, which has no build/gone");
});

test("what only BuildKit knows is refused with its line where the classic builder is asked for", async () => {
  const { build } = await treeOf({
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nRUN --mount=type=cache,target=/c true\n`,
  });
  const text = textOf(await build({ builder: "classic" }));
  expect(text).toContain(
    "a: the classic builder does not know RUN --mount\n  --> src/a/build/a.dockerfile:2",
  );
  expect(text).toContain("hint: build with BuildKit");
});

test("DOCKER_BUILDKIT=0 chooses the classic builder, which takes over its own earlier steps", async () => {
  vi.stubEnv("DOCKER_BUILDKIT", "0");
  const { build, write } = await treeOf({
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/x /x\nRUN echo two > /y\n`,
    "src/{a}/build/x": "1",
    "src/{a}/build/z": "1",
  });
  expect((await build()).images).toEqual({ a: "built" });
  expect((await build()).images).toEqual({ a: "already built here" });
  await write({
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/x /x\nRUN echo two > /y\nCOPY build/z /\n`,
  });
  const { events } = await build();
  const steps = events.flatMap((event) =>
    event.type === "step" ? [`${event.number}/${event.total} ${event.state}`] : [],
  );
  expect(steps).toEqual(["1/4 started", "1/4 done", "2/4 cached", "3/4 cached", "4/4 started", "4/4 done"]);
});

test("an engine without BuildKit builds with what it has, says so once, and refuses what that cannot do", async () => {
  const proxy = await startEngineWithoutBuildKit();
  try {
    vi.stubEnv("DOCKER_HOST", proxy.address);
    const { build, name } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nRUN true\n`,
      "src/{b}/build/{b}.dockerfile": `FROM ${shell}:1\nRUN true\nRUN true\n`,
    });
    const { errors, events, images } = await build();
    expect(errors).toEqual([]);
    expect(images).toEqual({ a: "built", b: "built" });
    const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^the engine docker .* has no BuildKit: its classic builder is used$/);
    const services = [name("a")];
    expect(textOf(await build({ services, noCache: true, builder: "buildkit" }))).toMatch(
      /the engine docker .* has no BuildKit[^]*hint: leave the builder to pai/,
    );
  } finally {
    await proxy.stop();
  }
});

const fixtures = [
  ["openpai-v0.9", "openpai-v09", ["node-exporter:v0.9"]],
  ["openpai-v0.14", "openpai-v014", ["log-manager:v0.14"]],
  ["openpai-v1.8", "openpai-v18", ["hivedscheduler:v1.8"]],
  ["hbase-mini", "hbase-mini", ["hadoop:latest", "hbase:latest", "zookeeper:latest"]],
] as const;

test.each(fixtures)("%s: both builders make the same files", async (fixture, namespace, images) => {
  vi.stubEnv("DEMO_REGISTRY_PASSWORD", "secret");
  const workspace = await copyWorkspace(fixture);
  const own = `${namespace}-${process.pid}`;
  try {
    const file = path.join(workspace.root, "configuration/services-configuration.yaml");
    const text = (await readFile(file, "utf8")).replace("127.0.0.1:5077", suite.registry.host);
    await writeFile(file, text.replace(`namespace: ${namespace}`, `namespace: ${own}`));
    const options: BuildServicesOptions = {
      root: workspace.root,
      configuration: "configuration",
      report: () => undefined,
      signal: AbortSignal.timeout(280_000),
    };
    const built: { readonly id: string | undefined; readonly files: string[] }[][] = [];
    for (const builder of builders) {
      await buildServices({ ...options, builder, noCache: builder === "classic" });
      const names = images.map((image) => `${suite.registry.host}/${own}/${image}`);
      built.push(
        await Promise.all(
          names.map(async (name) => ({ id: await imageId(name), files: await listFiles(name) })),
        ),
      );
    }
    const [first = [], second = []] = built;
    expect(first.map(({ id }) => id)).not.toEqual(second.map(({ id }) => id));
    expect(second.map(({ files }) => files)).toEqual(first.map(({ files }) => files));
  } finally {
    await removeImages(own);
    await workspace.dispose();
  }
});

test("what steps make has the same owners, modes and contents, too", async () => {
  const { build, reference } = await treeOf({
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1 AS first
RUN mkdir -p /made/by && echo x > /made/by/step && ln -s by /made/link
FROM ${shell}:1
WORKDIR /work/here
COPY --from=first /made ./made
COPY --chown=12:34 build/x build/tool.sh /owned/
ADD build /added
RUN cat /owned/x > y
`,
    "src/{a}/build/x": "x",
    "src/{a}/build/tool.sh": "#!/bin/sh\n",
  });
  await build({ builder: "buildkit" });
  const first = await listFiles(reference("a"));
  await build({ builder: "classic", noCache: true });
  expect(await listFiles(reference("a"))).toEqual(first);
  expect(first.filter((line) => line.startsWith("owned"))).toHaveLength(3);
});

test.each(builders)(
  "Ctrl-C ends %s within two seconds with 130; no process, container or tag stays",
  async (builder) => {
    const seconds = `3${process.pid}`;
    const { root, name } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nRUN sleep ${seconds}\n`,
    });
    const program = path.join(import.meta.dirname, "../tools/pai-build/src/main.ts");
    const child = spawn(process.execPath, [program, "build", "--root", root, "--builder", builder]);
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => (output += String(chunk)));
    const exited = once(child, "exit") as Promise<[number | null]>;
    try {
      await vi.waitFor(async () => expect(await processes(`sleep ${seconds}`)).not.toEqual([]), {
        timeout: 120_000,
        interval: 100,
      });
      const at = performance.now();
      child.kill("SIGINT");
      expect((await exited)[0]).toBe(130);
      expect(performance.now() - at).toBeLessThan(2000);
      expect(output).toContain("error[INTERRUPTED]");
      // The engine ends them when it sees that nobody listens any more; they would run for hours.
      const left = async (): Promise<void> => {
        expect(await processes(`sleep ${seconds}`)).toEqual([]);
        const containers = JSON.stringify(await engine("GET", "/containers/json?all=true"));
        expect(containers).not.toContain(`sleep ${seconds}`);
      };
      await vi.waitFor(left, { timeout: 30_000, interval: 200 });
      expect(await localTags(name("a"))).toEqual([]);
    } finally {
      child.kill("SIGKILL");
    }
  },
);

test("Ctrl-C in a hook leaves neither what it runs nor its copy of the tree", async () => {
  const seconds = `4${process.pid}`;
  const { root, name } = await treeOf({
    "src/{a}/build/{a}.dockerfile": "FROM scratch\nCOPY made /\n",
    "src/{a}/build/build-pre.sh": `echo begun; sleep ${seconds}\n`,
  });
  const copy = path.join(root, "dist/build", name("a"));
  const program = path.join(import.meta.dirname, "../tools/pai-build/src/main.ts");
  const child = spawn(process.execPath, [program, "build", "--root", root], { stdio: "ignore" });
  const exited = once(child, "exit") as Promise<[number | null]>;
  try {
    await vi.waitFor(async () => expect(await processes(`sleep ${seconds}`)).not.toEqual([]), {
      timeout: 120_000,
      interval: 100,
    });
    expect(existsSync(copy)).toBe(true);
    child.kill("SIGINT");
    expect((await exited)[0]).toBe(130);
    expect(existsSync(copy)).toBe(false);
    await vi.waitFor(async () => expect(await processes(`sleep ${seconds}`)).toEqual([]), {
      timeout: 30_000,
      interval: 200,
    });
  } finally {
    child.kill("SIGKILL");
  }
});

/** Processes of this machine, on which the engine runs as well, by the end of their command line. */
async function processes(command: string): Promise<string[]> {
  const child = spawn("ps", ["-eo", "args"]);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += String(chunk)));
  await once(child, "close");
  return output.split("\n").filter((line) => line.endsWith(command));
}

/** All names of the images that have one with this text, so that the images go as well. */
async function removeImages(text: string): Promise<void> {
  const images = (await engine("GET", "/images/json")) as { RepoTags: string[] | null }[];
  const made = images.filter(({ RepoTags: tags }) => tags?.some((tag) => tag.includes(text)));
  for (const tag of made.flatMap(({ RepoTags: tags }) => tags ?? []))
    await engine("DELETE", `/images/${tag}?force=true`);
}
