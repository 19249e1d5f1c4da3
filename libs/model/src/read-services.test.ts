import { symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { makeTree } from "./fixtures.ts";
import { readServices } from "./read-services.ts";

test("a folder with a Dockerfile, a component.dep or a service.yaml is a service", async () => {
  const root = makeTree({
    "src/zookeeper/deploy/service.yaml": "",
    "src/base-image/build/base-image.dockerfile": "FROM debian\n",
    "src/copies/build/component.dep": "base-image\n",
    "src/cluster/config/cluster.yaml": "a: 1\n",
    "src/hadoop-ai/build/hadoop-ai": "FROM debian\n",
    "src/README.md": "",
  });
  const services = await readServices(root);
  expect([...services.keys()]).toEqual(["base-image", "copies", "zookeeper"]);
  expect(services.get("base-image")).not.toHaveProperty("deploy");
  expect([...services.values()].flatMap(({ problems }) => problems)).toEqual([]);
});

test("scripts before and after a build are told, others are not", async () => {
  const root = makeTree({
    "src/before/build/before.dockerfile": "FROM debian\n",
    "src/before/build/build-pre.sh": "",
    "src/after/build/after.dockerfile": "FROM debian\n",
    "src/after/build/build-post.sh": "",
    "src/none/build/none.dockerfile": "FROM debian\n",
    "src/none/build/build.sh": "",
  });
  const services = await readServices(root);
  const withHooks = [...services.values()].filter(({ hasHooks }) => hasHooks).map(({ name }) => name);
  expect(withHooks).toEqual(["after", "before"]);
});

test("one bad service does not keep the others from being read", async () => {
  const root = makeTree({
    "src/bad/deploy/service.yaml": "a: [",
    "src/good/deploy/service.yaml": "prerequisite: [bad]\n",
  });
  const services = await readServices(root);
  expect(services.get("bad")?.problems).toHaveLength(1);
  expect(services.get("good")?.problems).toEqual([]);
});

test("a file that cannot be read is a problem of its service", async () => {
  const root = makeTree({
    "src/odd/deploy/service.yaml/x": "",
    "src/odd/build/odd.dockerfile/x": "",
  });
  const { problems = [] } = (await readServices(root)).get("odd") ?? {};
  expect(problems.map(({ message }) => message)).toEqual([
    "src/odd/build/odd.dockerfile cannot be read",
    "src/odd/deploy/service.yaml cannot be read",
  ]);
});

test("a link to nothing, a folder and a loop are told with what to do, hooks among them", async () => {
  const root = makeTree({
    "src/odd/build/odd.dockerfile": "FROM scratch\n",
    "src/odd/build/build-pre.sh/x": "",
    "src/odd/deploy/start.sh": "",
  });
  symlinkSync("nowhere", path.join(root, "src/odd/build/build-post.sh"));
  symlinkSync("nowhere", path.join(root, "src/odd/build/component.dep"));
  symlinkSync("nowhere", path.join(root, "src/odd/build/more.dockerfile"));
  symlinkSync("service.yaml", path.join(root, "src/odd/deploy/service.yaml"));
  const { problems = [], images } = (await readServices(root)).get("odd") ?? {};
  const told = problems.map(({ message, location, hint }) => [message, location?.file, hint]);
  const mend = "mend it, or remove it";
  const remedies = {
    "build/more.dockerfile": `it is a link to nothing: ${mend}`,
    "build/build-post.sh": `it is a link to nothing: ${mend}`,
    "build/build-pre.sh": "it is a folder where a file is expected: rename it, or remove it",
    "build/component.dep": `it is a link to nothing: ${mend}`,
    "deploy/service.yaml": `it is a link that leads to itself: ${mend}`,
  };
  expect(told).toEqual(
    Object.entries(remedies).map(([file, hint]) => [
      `src/odd/${file} cannot be read`,
      `src/odd/${file}`,
      hint,
    ]),
  );
  expect(images?.map(({ name }) => name)).toEqual(["odd"]);
});

test("two services that make one image name each other", async () => {
  const root = makeTree({
    "src/a/build/same.dockerfile": "FROM debian\n",
    "src/b/build/same.k8s.dockerfile": "FROM debian\n",
  });
  const problems = [...(await readServices(root)).values()].flatMap((service) => service.problems);
  expect(problems.map(({ message }) => message)).toEqual([
    'the image "same" is also made by src/b/build/same.k8s.dockerfile',
    'the image "same" is also made by src/a/build/same.dockerfile',
  ]);
});

test("a tree without src is refused", async () => {
  await expect(readServices(makeTree({ "x/y": "" }))).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    hint: "run it in the root of the tree, the folder that holds src and configuration",
  });
});
