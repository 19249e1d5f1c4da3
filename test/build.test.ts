import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { formatError } from "@pai/core";
import { explainImages } from "@pai/actions/images";
import { describe, expect, test, vi } from "vitest";
import { engine, imageId, inspectImage, localTags, type Outcome } from "./support/docker.ts";
import { imageSuite, publishShell } from "./support/image-suite.ts";
import { freePort, startRegistry } from "./support/registry.ts";

const suite = imageSuite("build");
const { shell, treeOf, textOf } = suite;

const chain = {
  "src/{base}/build/{base}.dockerfile": `FROM ${shell}:1\nCOPY build/one /one\n`,
  "src/{base}/build/one": "1\n",
  "src/{a}/build/{a}.dockerfile": "ARG FROM={base}\nFROM ${FROM}\nRUN cat /one > /two\n",
  "src/{b}/build/{b}.dockerfile":
    "FROM scratch AS x\nCOPY --from={base} /one /\nFROM {a}\nCOPY --from=x /one /three\n",
  "src/{c}/build/{c}.dockerfile": `FROM ${shell}:1\nCOPY build/c /c\n`,
  "src/{c}/build/c": "c\n",
  "src/{c}/deploy/not-copied": "1\n",
};

describe("what is built", () => {
  test("a chain is built bases first, from the bases' exact content, and known by three names", async () => {
    const { build, name, reference, root } = await treeOf(chain);
    const { errors, images, events } = await build({ services: [name("b")] });
    expect(errors).toEqual([]);
    expect(images).toEqual({ base: "built", a: "built", b: "built" });
    expect(Object.keys(images)).toEqual(["base", "a", "b"]);
    const labels = (await inspectImage(reference("base"))).Config?.Labels;
    expect(labels).toMatchObject({
      "pai.owner": "pai",
      "pai.service": name("base"),
      "pai.image": name("base"),
    });
    const exact = reference("base", labels?.["pai.content"]);
    expect(exact).toMatch(/:c-[0-9a-f]{16}$/);
    const ids = await Promise.all([exact, reference("base"), `${name("base")}:latest`].map(imageId));
    expect(new Set(ids).size).toBe(1);
    const log = await readFile(path.join(root, "dist/logs", `${name("a")}.log`), "utf8");
    expect(log).toContain(`FROM ${exact}`);
    const layers = (await inspectImage(reference("b"))).RootFS?.Layers ?? [];
    expect(layers.slice(0, 2)).toEqual((await inspectImage(reference("base"))).RootFS?.Layers);
    expect(events.at(-1)).toMatchObject({
      type: "summary",
      text: expect.stringMatching(/^3 images: 3 built · longest:/),
    });
  });

  test("several services are built with what they start from, and nothing else", async () => {
    const { build, name } = await treeOf(chain);
    const { errors, images } = await build({ services: [name("a"), name("c")] });
    expect(errors).toEqual([]);
    expect(images).toEqual({ base: "built", a: "built", c: "built" });
  });

  test("the second build builds nothing", async () => {
    const { build, reference } = await treeOf(chain);
    await build();
    const before = await imageId(reference("b"));
    const { images } = await build();
    expect(new Set(Object.values(images))).toEqual(new Set(["already built here"]));
    expect(await imageId(reference("b"))).toBe(before);
  });

  test("a changed file builds its image and what starts from it, nothing else", async () => {
    const { build, write, reference } = await treeOf(chain);
    await build();
    const [before, c] = await Promise.all([imageId(reference("b")), imageId(reference("c"))]);
    await write({ "src/{base}/build/one": "2\n", "src/{c}/deploy/not-copied": "2\n" });
    const { images } = await build();
    expect(images).toEqual({ base: "built", a: "built", b: "built", c: "already built here" });
    expect(await imageId(reference("b"))).not.toBe(before);
    expect(await imageId(reference("c"))).toBe(c);
  });

  test("a file that changes back finds its image again, and the names go back with it", async () => {
    const { build, write, reference, name } = await treeOf(chain);
    await build({ services: [name("c")] });
    const before = await imageId(reference("c"));
    await write({ "src/{c}/build/c": "other\n" });
    await build({ services: [name("c")] });
    expect(await imageId(reference("c"))).not.toBe(before);
    await write({ "src/{c}/build/c": "c\n" });
    const { images } = await build({ services: [name("c")] });
    expect(images).toEqual({ c: "already built here" });
    expect(await imageId(reference("c"))).toBe(before);
    expect(await imageId(`${name("c")}:latest`)).toBe(before);
  });

  test("what the registry has is not built where the engine has lost it, and is pulled as a base", async () => {
    const { build, push, write, name } = await treeOf(chain);
    await build();
    await push();
    for (const tag of await localTags(name(""))) await engine("DELETE", `/images/${tag}?force=true`);
    await write({ "src/{b}/build/{b}.dockerfile": "FROM {a}\nRUN cat /two\n" });
    const { images, errors } = await build({ services: [name("b")] });
    expect(errors).toEqual([]);
    expect(images).toEqual({ a: "in the registry", b: "built" });
  });

  test("images from nothing that the registry has need no engine at all", async () => {
    const { build, push } = await treeOf({
      "src/{a}/build/{a}.dockerfile": "FROM scratch\nCOPY build/x /\n",
      "src/{a}/build/x": "x",
    });
    await build();
    await push();
    vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
    expect(await build()).toMatchObject({ errors: [], images: { a: "in the registry" } });
    expect(await push()).toMatchObject({ errors: [], images: { a: "in the registry" } });
  });

  test("images on a public base that the registry has need no engine, nor the base's registry where the lock knows it", async () => {
    const hub = await startRegistry();
    const base = `${hub.host}/public/shell`;
    try {
      await publishShell(base);
      const tree = await treeOf({
        "src/{a}/build/{a}.dockerfile": `FROM ${base}:1\nCOPY build/x /\n`,
        "src/{a}/build/x": "x",
      });
      const { build, push, root, write, name } = tree;
      expect((await build()).errors).toEqual([]);
      expect((await push()).errors).toEqual([]);
      vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
      const look = () =>
        explainImages({
          root,
          configuration: "configuration",
          deployed: false,
          report: () => {},
          signal: new AbortController().signal,
        });
      const expectAllThere = async (warnings: string[]): Promise<void> => {
        for (const run of [build, push]) {
          const { errors, images, events } = await run();
          expect({ errors, images }).toEqual({ errors: [], images: { a: "in the registry" } });
          expect(events.flatMap((event) => (event.type === "warning" ? event.message : []))).toEqual(
            warnings,
          );
        }
        expect(await look()).toMatchObject([{ image: name("a") }]);
      };
      await rm(path.join(root, "dist/images/lock.json"));
      await expectAllThere([]);
      await hub.stop();
      await expectAllThere([
        `neither an engine nor ${hub.host} tells what ${base}:1 is: taken as dist/images/lock.json has it`,
      ]);

      await write({ "src/{a}/build/x": "changed" });
      expect(textOf(await build())).toContain("error[ENGINE_UNREACHABLE]: reach the Docker engine at");
      await rm(path.join(root, "dist/images/lock.json"));
      expect(textOf(await push())).toContain("error[ENGINE_UNREACHABLE]: reach the Docker engine at");
    } finally {
      await hub.stop();
      vi.unstubAllEnvs();
      await engine("DELETE", `/images/${base}:1?force=true`);
    }
  });

  test("components are there below dependency, and change the image when they change", async () => {
    const { build, write, name } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY dependency/{lib}/x /x\nRUN cat /x\n`,
      "src/{a}/build/component.dep": "{lib}\n",
      "src/{lib}/build/{lib}.dockerfile": "FROM scratch\nCOPY x /\n",
      "src/{lib}/x": "from the component\n",
    });
    const first = await build({ services: [name("a")] });
    expect(first.errors).toEqual([]);
    expect(outputOf(first)).toEqual(["from the component"]);
    await write({ "src/{lib}/x": "changed\n" });
    expect(outputOf(await build({ services: [name("a")] }))).toEqual(["changed"]);
  });

  test("components are built first, so that hooks find what the hooks of components have made", async () => {
    const { build, root, name } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY made /\nRUN cat /made\n`,
      "src/{a}/build/component.dep": "{lib}\n",
      "src/{a}/build/build-pre.sh": 'cp "$MADE" src/{a}/made\n',
      "src/{lib}/build/{lib}.dockerfile": "FROM scratch\nCOPY build /\n",
      "src/{lib}/build/build-pre.sh": 'sleep 0.5; echo "made by the component" > "$MADE"\n',
    });
    vi.stubEnv("MADE", path.join(root, "dist/made"));
    const outcome = await build({ services: [name("a")] });
    expect(outcome.errors).toEqual([]);
    expect(outputOf(outcome)).toEqual(["made by the component"]);
    expect(Object.keys(outcome.images)).toEqual(["lib", "a"]);
    expect((await build({ services: [name("a")] })).images).toEqual({ a: "already built here" });
  });

  test("what .dockerignore leaves out is not sent and changes nothing", async () => {
    const { build, write } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY . /x\nRUN ls /x /x/build\n`,
      "src/{a}/.dockerignore": "deploy\n**/*.md\n!build/kept.md\n",
      "src/{a}/build/kept.md": "",
      "src/{a}/build/left-out.md": "",
      "src/{a}/deploy/service.yaml": "prerequisite: []\n",
    });
    const output = outputOf(await build());
    expect(output).toContain("kept.md");
    expect(output).not.toContain("left-out.md");
    expect(output).not.toContain("deploy");
    await write({ "src/{a}/build/left-out.md": "changed", "src/{a}/deploy/new": "" });
    expect((await build()).images).toEqual({ a: "already built here" });
  });

  test("hooks run in a copy: what they make is built in, and the tree stays as it was", async () => {
    const { build, root, name } = await treeOf({
      "docs/text": "from the tree's docs\n",
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY generated/text /text\nRUN cat /text\n`,
      "src/{a}/build/build-pre.sh":
        'cd "$(dirname "$0")" && mkdir ../generated && cp ../../../docs/text ../generated/\n',
      "src/{a}/build/build-post.sh": "echo posted; ls src\n",
    });
    const first = await build();
    expect(first.errors).toEqual([]);
    expect(outputOf(first)).toEqual(["from the tree's docs", "posted", name("a")]);
    const log = await readFile(path.join(root, "dist/logs", `${name("a")}.log`), "utf8");
    expect(log).toMatch(/^build-pre\.sh\n[^]*from the tree's docs\n[^]*\nbuild-post\.sh\n {2}posted\n/);
    await expect(readFile(path.join(root, "src", name("a"), "generated/text"))).rejects.toThrow("ENOENT");
    await expect(readFile(path.join(root, "dist/build", name("a")))).rejects.toThrow("ENOENT");
    expect((await build()).images).toEqual({ a: "already built here" });
  });

  test("hooks run once for each image of a service, each time in a copy of its own", async () => {
    const { build, name } = await treeOf({
      "src/{a}/build/{a}.dockerfile": "FROM scratch\nCOPY made /\n",
      "src/{a}/build/{b}.dockerfile": "FROM scratch\nCOPY made /b\n",
      "src/{a}/build/build-pre.sh": 'set -C; basename "$PWD" > src/{a}/made && cat src/{a}/made\n',
    });
    const outcome = await build();
    expect(outcome.errors).toEqual([]);
    expect(outputOf(outcome).toSorted()).toEqual([name("a"), name("b")]);
  });
});

test("what service.yaml says that hooks read makes another image when it changes, and explain names it", async () => {
  const { build, push, root, write } = await treeOf({
    "docs/text": "one\n",
    "docs/other": "",
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY generated/text /text\nRUN cat /text\n`,
    "src/{a}/build/build-pre.sh": "mkdir src/{a}/generated && cp docs/text src/{a}/generated/\n",
  });
  await build();
  await write({ "docs/text": "two\n" });
  expect((await build()).images).toEqual({ a: "already built here" });
  await write({ "src/{a}/deploy/service.yaml": "build: {reads: [docs]}\n" });
  expect(outputOf(await build())).toEqual(["two"]);
  await push();
  await write({ "docs/text": "three\n" });
  const { signal } = new AbortController();
  const [explained] = await explainImages({
    root,
    configuration: "configuration",
    report: () => {},
    signal,
  });
  const hash: unknown = expect.stringMatching(/^[0-9a-f]{12}$/);
  expect(explained?.changes).toEqual([{ kind: "read", name: "docs/text", old: hash, new: hash }]);
  expect(outputOf(await build())).toEqual(["three"]);
});

test("what a hook writes to the tree itself is told with the files' names", async () => {
  const { build, root, name } = await treeOf({
    "docs/text": "old\n",
    "src/{b}/x": "",
    "src/{a}/build/{a}.dockerfile": "FROM scratch\nCOPY build/y /\n",
    "src/{a}/build/y": "",
    "src/{a}/build/build-pre.sh": "echo new > docs/text && rm src/{b}/x && touch src/{a}/own\n",
  });
  const { errors, events } = await build();
  expect(errors).toEqual([]);
  expect(events.filter(({ type }) => type === "warning")).toEqual([
    {
      type: "warning",
      service: name("a"),
      message: `while build-pre.sh of ${name("a")} ran, the tree itself changed: docs/text, src/${name("b")}/x`,
    },
  ]);
  await expect(readFile(path.join(root, "src", name("a"), "own"))).rejects.toThrow("ENOENT");
});

describe("what goes wrong", () => {
  test("a failing step is shown with its line, its exit code and its last words; others are built", async () => {
    const { build } = await treeOf({
      ...chain,
      "src/{a}/build/{a}.dockerfile": "FROM {base}\n\nRUN cat /one && \\\n  echo broken && exit 7\n",
    });
    const outcome = await build();
    expect(outcome.images).toEqual({ base: "built", a: "failed", b: "skipped", c: "built" });
    expect(textOf(outcome)).toBe(`error[BUILD_FAILED]: a: step 2/2 ended with exit code 7
  --> src/a/build/a.dockerfile:3
  2 | 
  3 | RUN cat /one && \\
    | ^^^
  last lines:
     1
     broken
  whole output: dist/logs/a.log
  not built because of it: b
  hint: correct the step and build again: the steps before it come from the engine's cache`);
  });

  test("a base that nobody has is shown with the line that names it and what may be meant", async () => {
    const { build } = await treeOf({ ...chain, "src/{a}/build/{a}.dockerfile": "ARG X\nFROM {base}e\n" });
    const text = textOf(await build());
    expect(text).toContain(
      "error[IMAGE_NOT_FOUND]: a: its base image basee is not in the engine and cannot be pulled",
    );
    expect(text).toContain("--> src/a/build/a.dockerfile:2");
    expect(text).toContain('hint: did you mean "base"');
  });

  test("a source that is not there is shown with its COPY", async () => {
    const { build } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/gone /x\n`,
    });
    const text = textOf(await build());
    expect(text).toContain("error[BUILD_FAILED]: a: step 2/2 failed");
    expect(text).toContain("--> src/a/build/a.dockerfile:2");
    expect(text).toContain('"/build/gone" not found');
    expect(text).toContain("hint: COPY reads from src/a, which has no build/gone: correct the path");
  });

  test("a source that .dockerignore leaves out is told as that", async () => {
    const { build } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/kept/x /x\n`,
      "src/{a}/build/kept/x": "",
      "src/{a}/.dockerignore": "build/kept\n",
      "src/{b}/build/{b}.dockerfile": `FROM ${shell}:1 AS made\nFROM scratch\nCOPY --from=made /gone /\n`,
    });
    const [a, b] = (await build()).errors.map((error) => formatError(error));
    expect(a).toMatch(
      /hint: src\/\S+\/build\/kept\/x is there, but \.dockerignore leaves it out: add the line !build\/kept\/x to its end/,
    );
    expect(b).toContain("hint: look at what is in made: correct the path");
  });

  test("a Dockerfile that the engine cannot read is shown with the line", async () => {
    const { build } = await treeOf({ "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nFOO bar\n` });
    const text = textOf(await build());
    expect(text).toContain("--> src/a/build/a.dockerfile:2\n  1 |");
    expect(text).toContain("unknown instruction: FOO");
    expect(text).toContain("hint: correct the line");
  });

  test("a service without a Dockerfile is refused before anything is built", async () => {
    const { build, name } = await treeOf({ "src/{a}/deploy/service.yaml": "prerequisite: []\n" });
    const outcome = await build({ services: [name("a")] });
    expect(textOf(outcome)).toContain(
      "error[DOCKERFILE_INVALID]: a makes no image: src/a/build has no Dockerfile",
    );
    expect(outcome.events).toEqual([]);
  });

  test("images that start from each other are refused before the engine is asked", async () => {
    const { build } = await treeOf({
      "src/{a}/build/{a}.dockerfile": "FROM {b}\n",
      "src/{b}/build/{b}.dockerfile": "FROM {a}\n",
    });
    const outcome = await build();
    expect(textOf(outcome)).toContain("error[IMAGE_CYCLE]: the images need each other: a -> b -> a");
    expect(outcome.events).toEqual([]);
  });

  test("an engine that does not answer is named, once", async () => {
    const { build } = await treeOf(chain);
    vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
    const text = textOf(await build());
    expect(text).toContain(
      "error[ENGINE_UNREACHABLE]: reach the Docker engine at unix:///nowhere/docker.sock, named by DOCKER_HOST",
    );
    expect(text).toContain("caused by: connect ENOENT /nowhere/docker.sock");
    expect(text).toContain("pai-local up");
  });

  test("a registry that does not answer is a warning, and what the engine has counts", async () => {
    const { build } = await treeOf(chain, `127.0.0.1:${await freePort()}`);
    const first = await build();
    expect(first.errors).toEqual([]);
    const warnings = first.events.filter(({ type }) => type === "warning");
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings)).toContain("ECONNREFUSED");
    expect(Object.values(first.images)).toEqual(["built", "built", "built", "built"]);
    expect(new Set(Object.values((await build()).images))).toEqual(new Set(["already built here"]));
  });

  test("a hook that fails stops its image and is shown with its last words", async () => {
    const { build, root, name } = await treeOf({
      "src/{a}/build/{a}.dockerfile": "FROM scratch\nCOPY generated /\n",
      "src/{a}/build/build-pre.sh": "seq 20 >&2; echo no docs here >&2\nexit 3\n",
    });
    const text = textOf(await build());
    expect(text).toMatch(
      /last lines:\n {5}10\n(?:.*\n)+ {5}no docs here\n {2}whole output: dist\/logs\/a\.log/,
    );
    const log = await readFile(path.join(root, "dist/logs", `${name("a")}.log`), "utf8");
    expect(log).toMatch(/^build-pre\.sh\n {2}1\n {2}2\n/);
    expect(text).toContain("error[SCRIPT_FAILED]: a: build-pre.sh ended with exit code 3");
    expect(text).toContain("no docs here");
    await expect(rm(path.join(root, "dist/build", name("a")))).rejects.toThrow("ENOENT");
  });
});

function outputOf({ events }: Outcome): string[] {
  return events.flatMap((event) => (event.type === "output" ? [event.line] : []));
}
