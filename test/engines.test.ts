// Several engines: the machine's and one of the test's own share the builds of one tree.
import type { BuildServicesOptions } from "@pai/actions/build";
import { connectEngine, copyImage, findLocalImage, type Engine } from "@pai/docker";
import { formatError, type ActionEvent } from "@pai/core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  createImageTree,
  engine,
  importShell,
  localTags,
  type ImageTree,
  type Outcome,
} from "./support/docker.ts";
import { startEngine, type TestEngine } from "./support/engine.ts";
import { startRegistry, type TestRegistry } from "./support/registry.ts";

const shell = `pai-shell-${process.pid}-engines`;
const { signal } = new AbortController();
const first = "unix:///var/run/docker.sock";
let second: TestEngine;
let registry: TestRegistry;
let tree: ImageTree;
let both: readonly [Engine, Engine];

beforeAll(async () => {
  [second, registry] = await Promise.all([startEngine(), startRegistry(), importShell(shell)]);
  both = await Promise.all([
    connectEngine({ engine: first, signal }),
    connectEngine({ engine: second.address, signal }),
  ]);
});
afterAll(async () => {
  await Promise.all([second.remove(), registry.stop()]);
  await engine("DELETE", `/images/${shell}:1?force=true`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await tree.remove();
});

const letters = ["a", "b", "c", "d", "e", "f", "g", "h"];
const engines = (): string[] => [first, second.address];

async function treeOf(dockerfiles: Readonly<Record<string, string>>): Promise<ImageTree> {
  const files = Object.entries(dockerfiles).map(([name, text]) => [
    `src/{${name}}/build/{${name}}.dockerfile`,
    text,
  ]);
  return (tree = await createImageTree({ registry: registry.host, files: Object.fromEntries(files) }));
}

/** Per image, which of the engines has it: `1`, `2` or `12`. */
async function places(names: readonly string[]): Promise<Record<string, string>> {
  const entries = names.map(async (name) => {
    const found = await Promise.all(both.map((each) => findLocalImage(each, tree.reference(name), signal)));
    return [name, found.map((image, index) => (image ? `${index + 1}` : "")).join("")] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

test("images on one base are shared out; the base and a local image go where they are needed", async () => {
  const dependents = letters.map((name) => [name, `FROM {base}\nRUN echo {${name}} > /x && sleep 1\n`]);
  const { build, push, repository } = await treeOf({
    base: `FROM ${shell}:1\nRUN mkdir /base\n`,
    ...Object.fromEntries(dependents),
  });
  const { errors, images, events } = await build({ engines: engines() });
  expect(errors).toEqual([]);
  expect(new Set(Object.values(images))).toEqual(new Set(["built"]));
  expect(events.filter(({ type }) => type === "connected")).toHaveLength(3);
  const where = Object.values(await places(letters));
  expect(where.filter((place) => place === "1")).not.toHaveLength(0);
  expect(where.filter((place) => place === "2")).not.toHaveLength(0);
  expect(where.every((place) => place.length === 1)).toBe(true);

  // Neither another build nor a push minds which engine has what.
  const again = await build({ engines: engines() });
  expect(new Set(Object.values(again.images))).toEqual(new Set(["already built here"]));
  vi.stubEnv("PAI_ENGINES", engines().join(", "));
  expect(await push()).toMatchObject({ errors: [] });
  for (const name of letters) expect(await registry.tags(repository(name))).toContain("latest");
});

test("the other engine alone takes an own base from the registry, and builds on it", async () => {
  const { build, push, write, name } = await treeOf({
    base: "FROM scratch\nCOPY build/x /\n",
    a: "FROM {base}\n",
  });
  await write({ "src/{base}/build/x": "1" });
  await build({ services: [name("base")], engines: [first] });
  await push({ services: [name("base")], engines: [first] });
  for (const tag of await localTags(name("base"))) await engine("DELETE", `/images/${tag}?force=true`);
  expect(await build({ services: [name("a")], engines: [second.address] })).toMatchObject({
    errors: [],
    images: { base: "in the registry", a: "built" },
  });
  expect(await places(["a"])).toEqual({ a: "2" });
});

test("an engine that does not answer is a warning while another does, and an error by its name alone", async () => {
  const gone = "unix:///nowhere/docker.sock";
  const { build } = await treeOf({ a: "FROM scratch\nLABEL a=b\n" });
  const { errors, images, events } = await build({ engines: [gone, second.address] });
  expect(errors).toEqual([]);
  expect(images).toEqual({ a: "built" });
  const isWarning = (event: ActionEvent): boolean => event.type === "warning";
  expect(events.filter(isWarning)).toEqual([
    {
      type: "warning",
      message: `reach the Docker engine at ${gone}, named by --engine ${gone}; the others do its work`,
    },
  ]);
  const alone = await build({ engines: [gone] });
  expect(formatError(alone.errors[0])).toContain(`named by --engine ${gone}\n  caused by: connect ENOENT`);
});

describe("an engine that dies in the middle of a run", () => {
  const warningsOf = (events: readonly ActionEvent[]): string[] =>
    events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  const gone = (engine: TestEngine): string => `the engine at ${engine.address} does not answer any more`;

  beforeAll(() => bringShell(second));
  afterEach(() => second.start());

  test("leaves to another what it was at and what only it had, and this is said once", async () => {
    // One after the other, so that some are finished and some are not.
    const steps = letters.map((name, index) => [
      name,
      `FROM {base}\nRUN echo {${name}} > /x && sleep ${1 + index}\n`,
    ]);
    const { build } = await treeOf({
      base: `FROM ${shell}:1\nRUN mkdir /base\n`,
      ...Object.fromEntries(steps),
    });
    const building = build({ engines: engines() });
    await vi.waitFor(async () => expect(Object.values(await places(letters))).toContain("2"), {
      timeout: 60_000,
      interval: 50,
    });
    await second.kill();
    const { errors, images, events } = await building;
    expect(errors).toEqual([]);
    expect(new Set(Object.values(images))).toEqual(new Set(["built"]));
    expect(warningsOf(events)).toEqual([
      expect.stringMatching(new RegExp(`^${gone(second)}: \\d images? moves? to ${first}$`)),
    ]);
    const here = letters.map(async (name) => findLocalImage(both[0], tree.reference(name), signal));
    expect(await Promise.all(here)).not.toContain(undefined);
  });

  test("also when it is shut down; a base that only it had is made again", async () => {
    const { build, name } = await treeOf({
      base: `FROM ${shell}:1\nRUN mkdir /base\n`,
      a: "FROM {base}\nRUN echo at work && sleep 10\n",
    });
    await build({ services: [name("base")], engines: [second.address] });
    const { building, atWork } = watched((options) => build({ ...options, engines: engines() }));
    await atWork();
    await second.kill("SIGTERM");
    const { errors, images, events } = await building;
    expect({ errors, images }).toEqual({ errors: [], images: { base: "built", a: "built" } });
    expect(warningsOf(events)).toEqual([`${gone(second)}: 1 image moves to ${first}`]);
  });

  test("also when it falls silent and keeps its connections", async () => {
    const { build } = await treeOf({ a: `FROM ${shell}:1\nRUN echo at work && sleep 10\n` });
    const { building, atWork } = watched((options) =>
      build({ ...options, engines: [second.address, first] }),
    );
    await atWork();
    second.freeze();
    const { errors, images, events } = await building;
    expect({ errors, images }).toEqual({ errors: [], images: { a: "built" } });
    expect(warningsOf(events)).toEqual([`${gone(second)}: 1 image moves to ${first}`]);
    await second.kill();
  });

  test("ends the run when it was the last one; a step that fails by itself stays where it is", async () => {
    const third = await startEngine();
    try {
      const { build, write, name } = await treeOf({ a: `FROM ${shell}:1\nRUN echo at work && sleep 300\n` });
      await bringShell(third);
      const two = [second.address, third.address];
      const { building, atWork } = watched((options) => build({ ...options, engines: two }));
      await atWork();
      await second.kill();
      await atWork();
      await third.kill();
      const { errors, events } = await building;
      expect(errors.map(formatError)).toEqual([
        expect.stringContaining(
          `error[ENGINE_UNREACHABLE]: build ${name("a")}: the Docker engine at ${third.address} went away`,
        ),
      ]);
      expect(warningsOf(events)).toEqual([`${gone(second)}: 1 image moves to ${third.address}`]);

      await second.start();
      await write({ "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nRUN exit 3\n` });
      const failing = await build({ engines: engines() });
      expect(failing.errors.map(formatError)).toEqual([expect.stringContaining("ended with exit code 3")]);
      expect(failing.events.filter(({ type }) => type === "started")).toHaveLength(1);
      expect(warningsOf(failing.events)).toEqual([]);
    } finally {
      await third.remove();
    }
  });
});

/** A build, and a way to wait until the next of its steps has said that it is at work. */
function watched(build: (options: Partial<BuildServicesOptions>) => Promise<Outcome>): {
  readonly building: Promise<Outcome>;
  readonly atWork: () => Promise<void>;
} {
  let said = 0;
  let seen = 0;
  const building = build({
    report: (event) => {
      if (event.type === "output" && event.line === "at work") said++;
    },
  });
  return {
    building,
    atWork: async () => {
      const wanted = ++seen;
      await vi.waitFor(() => expect(said).toBeGreaterThanOrEqual(wanted), { timeout: 60_000, interval: 20 });
    },
  };
}

async function bringShell({ address }: TestEngine): Promise<void> {
  const to = await connectEngine({ engine: address, signal });
  await copyImage({ reference: `${shell}:1`, from: both[0], to, signal });
}
