// The order of builds and why, from the Dockerfiles alone: neither engine nor registry is asked.
import type { Report } from "@pai/core";
import { ownImageOf } from "@pai/plan";
import { readTree } from "../build/look.ts";
import { imageOrder, type TreeSelection } from "../build/tree.ts";

export interface ImageNode {
  readonly service: string;
  readonly image: string;
  readonly dockerfile: string;
  /** Own images that it starts from or copies from, and those of its service's components. */
  readonly needs: readonly string[];
  /** The other ones, as the Dockerfile names them. */
  readonly foreign: readonly string[];
  /** Whether it is asked for, or only needed. */
  readonly selected: boolean;
}

/** The selected images and all that come before them, needs first. */
export async function graphImages(
  options: TreeSelection & { readonly report: Report },
): Promise<ImageNode[]> {
  const tree = await readTree(options);
  const selected = new Set(tree.selected);
  return imageOrder(tree.images, tree.selected).map((name) => {
    const { service, dockerfile, needs, bases } = tree.imageOf(name);
    const foreign = bases
      .map(({ reference }) => reference)
      .filter((reference) => ownImageOf(reference, tree.images) === undefined);
    return {
      service: service.name,
      image: name,
      dockerfile,
      needs: [...needs],
      foreign: [...new Set(foreign)],
      selected: selected.has(name),
    };
  });
}

/** One line an image, with what it waits for. */
export function formatGraph(nodes: readonly ImageNode[]): string {
  const width = Math.max(0, ...nodes.map(({ image }) => image.length));
  return nodes
    .map(({ image, needs, foreign }) => {
      const bases = [...needs, ...foreign.map((name) => `(${name})`)];
      return bases.length === 0 ? image : `${image.padEnd(width)}  <- ${bases.join(", ")}`;
    })
    .join("\n");
}

/** For Graphviz: foreign images are dashed. */
export function formatDot(nodes: readonly ImageNode[]): string {
  const quote = (name: string): string => JSON.stringify(name);
  const foreign = new Set(nodes.flatMap((node) => node.foreign));
  return [
    "digraph images {",
    "  rankdir=LR;",
    "  node [shape=box];",
    ...[...foreign].map((name) => `  ${quote(name)} [style=dashed];`),
    ...nodes.map(({ image }) => `  ${quote(image)};`),
    ...nodes.flatMap(({ image, needs, foreign: others }) =>
      [...needs, ...others].map((base) => `  ${quote(base)} -> ${quote(image)};`),
    ),
    "}",
  ].join("\n");
}
