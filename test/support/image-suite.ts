import { formatError } from "@pai/core";
import { connectEngine, findLocalImage, pushImage } from "@pai/docker";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { createImageTree, engine, importShell, type ImageTree, type Outcome } from "./docker.ts";
import { startRegistry, type TestRegistry } from "./registry.ts";

/** What tests of images have in common while their file runs. */
export interface ImageSuite {
  /** Repository of an image of one static busybox, tag 1, which no registry has. */
  readonly shell: string;
  readonly registry: TestRegistry;
  /** Of the current test. */
  readonly tree: ImageTree;
  /** A tree for the current test; on another registry than the suite's with `host`. */
  readonly treeOf: (files: Readonly<Record<string, string>>, host?: string) => Promise<ImageTree>;
  /** The only error of a run, as a person reads it, without the tree's own names. */
  readonly textOf: (outcome: Outcome) => string;
}

/** Starts a registry for the file that calls it, and removes what each of its tests leaves. */
export function imageSuite(name: string): ImageSuite {
  const shell = `pai-shell-${process.pid}-${name}`;
  let registry: TestRegistry | undefined;
  let tree: ImageTree | undefined;
  const known = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("asked for before the suite, or the test, has made it");
    return value;
  };
  beforeAll(async () => {
    registry = await startRegistry();
    await importShell(shell);
  });
  afterAll(async () => {
    await registry?.stop();
    await engine("DELETE", `/images/${shell}:1?force=true`);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await tree?.remove();
    tree = undefined;
  });
  return {
    shell,
    get registry() {
      return known(registry);
    },
    get tree() {
      return known(tree);
    },
    treeOf: async (files, host) => {
      tree = await createImageTree({ registry: host ?? known(registry).host, files });
      return tree;
    },
    textOf: ({ errors }) => {
      expect(errors).toHaveLength(1);
      return formatError(errors[0]).replaceAll(tree?.name("") ?? "", "");
    },
  };
}

/** A shell that the engine and the registry have; each call makes another image of the same content. */
export async function publishShell(repository: string): Promise<void> {
  await importShell(repository);
  const { signal } = new AbortController();
  const docker = await connectEngine({ signal });
  const image = await findLocalImage(docker, `${repository}:1`, signal);
  if (!image) throw new Error(`${repository} was not imported`);
  const options = { image, repository, tag: "1", credentials: undefined, onProgress: () => {}, signal };
  await pushImage(docker, options);
}
