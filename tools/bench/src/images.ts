// Building and pushing images, beside docker build and docker push:  node tools/bench/src/images.ts [rounds] [services] [--installed]
// All tools take their turns in every round, on the same engine; the registry is one of the bench's own.
import { startEngine } from "../../../test/support/engine.ts";
import { startRegistry } from "../../../test/support/registry.ts";
import { ensureStaticBusybox } from "../../local/src/busybox.ts";
import { readSettings } from "../../local/src/settings.ts";
import {
  buildkitBuild,
  countImages,
  dockerBuild,
  dockerPush,
  removeImages,
  runPaiBuild,
} from "./images-tools.ts";
import { addLargeService, writeImagesTree, type ImagesTree } from "./images-tree.ts";

const rounds = Number(process.argv[2] ?? 3);
const many = Number(process.argv[3] ?? 200);
const few = 20;
const prefix = `bench${process.pid}`;
const classicPrefix = `${prefix}c`;
const buildkitPrefix = `${prefix}k`;

const busybox = await ensureStaticBusybox(readSettings(process.env), AbortSignal.timeout(60_000));
const registry = await startRegistry();
try {
  console.log("| work | pai-build | beside | ratio |\n| --- | --- | --- | --- |");
  await measureFew();
  await measureMany();
} finally {
  removeImages(prefix);
  await registry.stop();
}

async function measureFew(): Promise<void> {
  const tree = writeImagesTree({ prefix: `${prefix}f`, services: few, registry: registry.host, busybox });
  try {
    runPaiBuild(tree, ["build", "-s", tree.base]);
    const times = new Map<string, number[]>();
    const note = (what: string, seconds: number): void =>
      void times.set(what, [...(times.get(what) ?? []), seconds]);
    for (let round = 0; round < rounds; round++) {
      for (const again of ["first", "again"]) {
        if (again === "first") tree.touch(tree.services);
        note(`classic ${again}`, dockerBuild(tree, tree.services, classicPrefix));
        if (again === "first") tree.touch(tree.services);
        note(`buildkit ${again}`, await buildkitBuild(tree, tree.services, buildkitPrefix));
        if (again === "first") tree.touch(tree.services);
        note(`pai ${again}`, runPaiBuild(tree, ["build"]).seconds);
      }
      runPaiBuild(tree, ["push"]);
      const references = tree.services.map((name) => `${registry.host}/${prefix}f/${name}:latest`);
      note("push", dockerPush(references));
      note("pai push", runPaiBuild(tree, ["push"]).seconds);
    }
    const best = (what: string): number => bestOf(times.get(what) ?? []);
    row(`${few} services, first build`, best("pai first"), "docker build, classic", best("classic first"));
    row(`${few} services, first build`, best("pai first"), "BuildKit, one by one", best("buildkit first"));
    row(
      `${few} services, nothing changed`,
      best("pai again"),
      "docker build, classic",
      best("classic again"),
    );
    row(
      `${few} services, nothing changed`,
      best("pai again"),
      "BuildKit, one by one",
      best("buildkit again"),
    );
    row(
      `${few} services, nothing changed`,
      best("pai again"),
      "first docker build, classic",
      best("classic first"),
    );
    row(`push of ${few}, nothing changed`, best("pai push"), "docker push, one by one", best("push"));
  } finally {
    tree.remove();
  }
}

async function measureMany(): Promise<void> {
  const tree = writeImagesTree({ prefix: `${prefix}m`, services: many, registry: registry.host, busybox });
  try {
    runPaiBuild(tree, ["build"]);
    runPaiBuild(tree, ["push"]);
    const idle = Array.from({ length: rounds }, () => runPaiBuild(tree, ["build"]));
    const idleSeconds = bestOf(idle.map(({ seconds }) => seconds));
    const megabytes = Math.max(...idle.map(({ peakMegabytes }) => peakMegabytes));
    line(
      `${many} services, nothing changed, registry warm`,
      `${seconds(idleSeconds)}, ${megabytes.toFixed(0)} MB`,
      "",
      "",
    );

    const one = tree.services.slice(7, 8);
    const changed = await inRounds(async () => {
      tree.touch(one);
      const alone = await buildkitBuild(tree, one, buildkitPrefix);
      tree.touch(one);
      return { alone, all: runPaiBuild(tree, ["build"]).seconds };
    });
    const alone = bestOf(changed.map((each) => each.alone));
    const all = bestOf(changed.map((each) => each.all));
    line(
      `one file changed in one of ${many}`,
      seconds(all),
      `that image alone with BuildKit: ${seconds(alone)}`,
      `+ ${seconds(all - alone)}`,
    );
    runPaiBuild(tree, ["push"]);
    await measureSecondMachine(tree);
    measureLarge(tree);
  } finally {
    tree.remove();
  }
}

async function measureSecondMachine(tree: ImagesTree): Promise<void> {
  const second = await startEngine();
  try {
    const { seconds: time, output } = runPaiBuild(tree, ["build"], { DOCKER_HOST: second.address });
    const summary = output.trim().split("\n").at(-1) ?? "";
    const held = countImages(second.address);
    line(
      "second engine, same registry, nothing changed",
      seconds(time),
      `${held} images pulled or built`,
      summary,
    );
  } finally {
    await second.remove();
  }
}

function measureLarge(tree: ImagesTree): void {
  const name = `${prefix}m-large`;
  addLargeService(tree, name);
  runPaiBuild(tree, ["build", "-s", name]);
  runPaiBuild(tree, ["push", "-s", name]);
  dockerBuild(tree, [name], classicPrefix);
  const mine = Array.from({ length: rounds }, () => runPaiBuild(tree, ["build", "-s", name]).seconds);
  const theirs = Array.from({ length: rounds }, () => dockerBuild(tree, [name], classicPrefix));
  row("context of 100 MB in 10,000 files, unchanged", bestOf(mine), "docker build, classic", bestOf(theirs));
}

async function inRounds<T>(work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < rounds; round++) results.push(await work());
  return results;
}

function row(work: string, mine: number, peer: string, theirs: number): void {
  line(work, seconds(mine), `${peer}: ${seconds(theirs)}`, (mine / theirs).toFixed(2));
}

function line(...cells: readonly string[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** As other work on the machine only ever adds. */
function bestOf(values: readonly number[]): number {
  return Math.min(...values);
}
