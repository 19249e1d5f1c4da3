import { randomUUID } from "node:crypto";
// What command line and service.yaml say about how images are built.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { engine, imageId, inspectImage, localTags, type Outcome } from "./support/docker.ts";
import { imageSuite } from "./support/image-suite.ts";
import { startEngine } from "./support/engine.ts";

const suite = imageSuite("build-options");
const { shell, treeOf, textOf } = suite;

function outputOf({ events }: Outcome): string[] {
  return events.flatMap((event) => (event.type === "output" ? [event.line] : []));
}

describe("arguments", () => {
  const files = {
    "src/{a}/build/{a}.dockerfile": `ARG BASE=${shell}:1\nFROM \${BASE}\nARG VERSION=0\nRUN echo "is $VERSION"\n`,
    "src/{b}/build/{b}.dockerfile": "FROM {a}\nRUN true\n",
    "src/{c}/build/{c}.dockerfile": "FROM scratch\nCOPY build/x /\n",
    "src/{c}/build/x": "",
  };

  test("of service.yaml go to the Dockerfile that has them, and the command line's before them", async () => {
    const { build, push, write, name, reference } = await treeOf(files);
    await build();
    const [a, c] = await Promise.all([imageId(reference("a")), imageId(reference("c"))]);
    await write({ "src/{a}/deploy/service.yaml": "build: {args: {VERSION: 2}}\n" });
    const second = await build();
    expect(outputOf(second)).toEqual(["is 2"]);
    // What starts from it is another image, too; c has nothing to do with it.
    expect(second.images).toEqual({ a: "built", b: "built", c: "already built here" });

    const buildArgs = ["VERSION=3"];
    expect(outputOf(await build({ buildArgs }))).toEqual(["is 3"]);
    expect((await push({ buildArgs })).images).toEqual({ a: "pushed", b: "pushed", c: "pushed" });
    expect((await build()).images).toEqual({
      a: "already built here",
      b: "already built here",
      c: "in the registry",
    });
    expect(await imageId(reference("a"))).not.toBe(a);
    expect(await imageId(reference("c"))).toBe(c);
    const { Config: config } = await inspectImage(`${name("a")}:latest`);
    expect(config?.Labels?.["pai.content"]).toMatch(/^c-/);
  });

  test("may name another image to start from, one of the tree's own", async () => {
    const { build, name } = await treeOf(files);
    const outcome = await build({ services: [name("a")], buildArgs: [`BASE=${name("c")}`], network: "host" });
    expect(Object.keys(outcome.images)).toEqual(["c", "a"]);
  });

  test("that no Dockerfile has, or that would keep a secret, are refused before anything is built", async () => {
    const { build } = await treeOf(files);
    const unknown = await build({ buildArgs: ["VERSIN=3"] });
    expect(textOf(unknown)).toBe(
      'error[USAGE]: --build-arg VERSIN: none of the Dockerfiles declares ARG VERSIN\n  hint: did you mean "VERSION"?',
    );
    const secret = textOf(await build({ buildArgs: ["NPM_TOKEN=verysecret"] }));
    expect(secret).toContain("--build-arg NPM_TOKEN: it would be kept in the image's history");
    expect(secret).toContain("--secret id=NPM_TOKEN,env=NPM_TOKEN");
    expect(secret).not.toContain("verysecret");
    expect(unknown.events).toEqual([]);
  });

  test("without a value take the environment's, and a proxy does not make another image", async () => {
    vi.stubEnv("VERSION", "from here");
    const { build, name } = await treeOf(files);
    const one = { services: [name("a")], buildArgs: ["VERSION"] };
    expect(outputOf(await build(one))).toEqual(["is from here"]);
    const proxied = await build({
      ...one,
      buildArgs: ["VERSION", "http_proxy=http://user:password@proxy:1"],
    });
    expect(proxied.images).toEqual({ a: "already built here" });
  });
});

describe("stages", () => {
  const files = {
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1 AS Tests\nRUN echo tests\nFROM ${shell}:1\nRUN echo last\n`,
  };

  test.each(["buildkit", "classic"] as const)(
    "%s builds the named one, as another image",
    async (builder) => {
      const { build } = await treeOf(files);
      expect(outputOf(await build({ builder, target: "tests" }))).toEqual(["tests"]);
      expect(outputOf(await build({ builder }))).toContain("last");
      expect((await build({ target: "tests" })).images).toEqual({ a: "already built here" });
      expect(textOf(await build({ target: "test" }))).toBe(
        'error[USAGE]: --target test: none of the Dockerfiles has the stage test\n  hint: did you mean "tests"?',
      );
    },
  );
});

describe("secrets", () => {
  const secret = "s3cr3t-value-0815";
  const files = {
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nRUN --mount=type=secret,id=login,required cat /run/secrets/login && echo && echo is $(cat /run/secrets/login | wc -c)\n`,
    "src/{a}/deploy/service.yaml": "build: {secrets: [login]}\n",
  };

  test("reach the step and are nowhere else", async () => {
    const { build, root, name, reference } = await treeOf(files);
    vi.stubEnv("BUILD_LOGIN", secret);
    const outcome = await build({ secrets: ["id=login,env=BUILD_LOGIN"] });
    expect(outcome.errors).toEqual([]);
    expect(outputOf(outcome)).toEqual(["***", `is ${secret.length}`]);
    const log = await readFile(path.join(root, "dist/logs", `${name("a")}.log`), "utf8");
    const history = JSON.stringify(await engine("GET", `/images/${reference("a")}/history`));
    const all = JSON.stringify([outcome.events, log, history, await inspectImage(reference("a"))]);
    expect(all).not.toContain(secret);
    expect(all).toContain(`is ${secret.length}`);
    // Another value makes no other image.
    vi.stubEnv("LOGIN", "another-value");
    expect((await build()).images).toEqual({ a: "already built here" });
  });

  test("come from a file, and also to a step that asks for them late", async () => {
    const { build, root, write } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nRUN sleep 3\nRUN --mount=type=secret,id=login,required echo is $(cat /run/secrets/login | wc -c)\n`,
      "src/{a}/deploy/service.yaml": "build: {secrets: [login]}\n",
    });
    vi.stubEnv("LOGIN", undefined);
    await write({ "login.txt": secret });
    const outcome = await build({ secrets: [`id=login,src=${path.join(root, "login.txt")}`] });
    expect(outcome.errors).toEqual([]);
    expect(outputOf(outcome)).toEqual([`is ${secret.length}`]);
  });

  test("are hidden in what a failed step or hook has printed last", async () => {
    vi.stubEnv("LOGIN", secret);
    const { build, write } = await treeOf({
      ...files,
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nRUN --mount=type=secret,id=login,required cat /run/secrets/login && exit 3\n`,
    });
    const step = textOf(await build());
    expect(step).toContain("step 2/2 ended with exit code 3");
    expect(step).toContain("last lines:\n     ***\n");
    await write({ "src/{a}/build/build-pre.sh": "echo $LOGIN; exit 4\n" });
    const hook = textOf(await build());
    expect(hook).toContain("build-pre.sh ended with exit code 4");
    expect(hook).toContain("last lines:\n     ***\n");
  });

  test("that nobody gives are asked for with the line that needs them", async () => {
    vi.stubEnv("LOGIN", undefined);
    const { build } = await treeOf(files);
    const text = textOf(await build());
    expect(text).toContain('error[USAGE]: a needs the secret "login", which nobody gave');
    expect(text).toContain("--> src/a/build/a.dockerfile:2");
    expect(text).toContain("or set LOGIN");
    expect(textOf(await build({ secrets: ["id=login,src=/nowhere/file"] }))).toContain(
      "--secret id=login: read /nowhere/file",
    );
    expect(textOf(await build({ secrets: [`login=${secret}`] }))).not.toContain(secret);
  });

  test("cannot be given by the classic builder", async () => {
    vi.stubEnv("LOGIN", secret);
    const { build } = await treeOf(files);
    expect(textOf(await build({ builder: "classic" }))).toContain(
      "the classic builder does not know RUN --mount",
    );
  });
});

test("a cache mount keeps what one build has left in it for the next", async () => {
  const id = `pai-${randomUUID()}`;
  const dockerfile = (step: string): Record<string, string> => ({
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nRUN --mount=type=cache,id=${id},target=/cache ${step}\n`,
  });
  const { build, write } = await treeOf(dockerfile("echo kept > /cache/left"));
  expect((await build()).errors).toEqual([]);
  await write(dockerfile("cat /cache/left"));
  const second = await build();
  expect(second.errors).toEqual([]);
  expect(outputOf(second)).toEqual(["kept"]);
});

describe("platforms", () => {
  const files = {
    "src/{a}/build/{a}.dockerfile": "FROM scratch\nCOPY build/x /\n",
    "src/{a}/build/x": "",
    "src/{b}/build/{b}.dockerfile": "FROM {a}\nRUN x\n",
  };

  test("are built for where no step has to run there", async () => {
    const { build, name, reference } = await treeOf(files);
    const one = { services: [name("a")] };
    await build(one);
    expect((await build({ ...one, platform: "linux/arm64" })).images).toEqual({ a: "built" });
    expect(await inspectImage(reference("a"))).toMatchObject({ Architecture: "arm64" });
    const text = textOf(await build({ services: [name("b")], platform: "linux/arm64" }));
    expect(text).toContain(
      "b: the engine cannot run a step for linux/arm64\n  --> src/b/build/b.dockerfile:2",
    );
    expect(text).toContain("it runs linux/amd64");
  });

  test("are refused where the classic builder would silently make an image of its own", async () => {
    const { build, name } = await treeOf(files);
    const options = { services: [name("a")], platform: "linux/arm64", builder: "classic" } as const;
    expect(textOf(await build(options))).toContain("a: the classic builder cannot build for linux/arm64");
  });
});

describe("building anew", () => {
  test.each(["buildkit", "classic"] as const)("%s: --no-cache runs every step again", async (builder) => {
    const { build, push, reference, repository } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nRUN cat /proc/uptime > /time\n`,
    });
    await build({ builder });
    const before = await imageId(reference("a"));
    expect((await build({ builder })).images).toEqual({ a: "already built here" });
    expect((await build({ builder, noCache: true })).images).toEqual({ a: "built" });
    const after = await imageId(reference("a"));
    expect(after).not.toBe(before);
    await push();
    const pushed = await suite.registry.digest(repository("a"), "latest");
    expect((await build({ builder, noCache: true })).images).toEqual({ a: "built" });
    expect((await push()).images).toEqual({ a: "in the registry" });
    expect((await push({ noCache: true })).images).toEqual({ a: "pushed" });
    expect(await suite.registry.digest(repository("a"), "latest")).not.toBe(pushed);
  });
});

describe("what registries have", () => {
  /** Puts an image into the registry, of a public kind: nobody of the tree makes it. */
  async function publish(image: string, reference: string): Promise<void> {
    const [repository, tag] = [reference.slice(0, reference.lastIndexOf(":")), reference.split(":").at(-1)];
    await engine("POST", `/images/${image}/tag?repo=${repository}&tag=${tag}`);
    expect(String(await engine("POST", `/images/${repository}/push?tag=${tag}`))).toContain(
      "digest: sha256:",
    );
  }

  test("an engine that starts with nothing takes the steps of the registry's last image", async () => {
    const base = `${suite.registry.host}/public/shell:1`;
    await publish(`${shell}:1`, base);
    const { build, push, write, name, repository } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${base}\nRUN echo slow > /slow\nCOPY build/x /\nRUN echo last > /last\n`,
      "src/{a}/build/x": "1",
    });
    const second = await startEngine();
    const states = async (builder: "buildkit" | "classic"): Promise<string[]> => {
      const { errors, events } = await build({ builder, engines: [second.address] });
      expect(errors).toEqual([]);
      return events.flatMap((event) =>
        event.type === "step" ? [`${event.number} ${event.state}`] : event.type === "progress" ? "pull" : [],
      );
    };
    try {
      for (const builder of ["buildkit", "classic"] as const) {
        await write({ "src/{a}/build/x": builder });
        await build({ builder });
        await push();
        await write({ "src/{a}/build/x": `${builder} again` });
        const done = await states(builder);
        expect(done).toEqual(expect.arrayContaining(["2 cached", "4 done"]));
        expect(done.includes("pull")).toBe(builder === "classic");
        // What was pulled for it goes again.
        const tags = await localTags("", second.socketPath);
        expect(tags).not.toContain("<none>:<none>");
        for (const tag of tags.filter((each) => each.includes(name("a"))))
          await engine("DELETE", `/images/${tag}?force=true`, undefined, second.socketPath);
      }
      // The classic builder knows nothing of BuildKit's steps.
      await write({ "src/{a}/build/x": "other" });
      await build({ builder: "buildkit" });
      await push();
      await write({ "src/{a}/build/x": "other again" });
      expect(await states("classic")).not.toContain("pull");
      expect(await suite.registry.tags(repository("a"))).toHaveLength(4);
    } finally {
      await second.remove();
      await engine("DELETE", `/images/${base}?force=true`);
    }
  });

  test("--pull asks for a base image that has moved since it was pulled", async () => {
    const base = `${suite.registry.host}/public/moving:1`;
    await publish(`${shell}:1`, base);
    const { build, name, reference } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `FROM ${base}\nRUN true\n`,
      "src/{b}/build/{b}.dockerfile": `FROM ${shell}:1\nRUN true\n`,
    });
    await build();
    const { Id: old = "" } = await inspectImage(base);
    await publish(reference("b"), base);
    await engine("POST", `/images/${old}/tag?repo=${base.slice(0, -2)}&tag=1`);
    const one = { services: [name("a")] };
    expect((await build(one)).images).toEqual({ a: "already built here" });
    expect((await build({ ...one, pull: true })).images).toEqual({ a: "built" });
    expect(textOf(await build({ ...one, pull: true, locked: true }))).toContain(
      "hint: leave one of them out",
    );
    const layers = (await inspectImage(reference("a"))).RootFS?.Layers ?? [];
    expect(layers.slice(0, 2)).toEqual((await inspectImage(reference("b"))).RootFS?.Layers);
    await engine("DELETE", `/images/${base}?force=true`);
  });
});
