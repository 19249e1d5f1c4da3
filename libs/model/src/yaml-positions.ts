// js-yaml gives its values no positions, but its events carry offsets: this reads them as a tree of offsets.
import { EVENT_ID, getScalarValue, type Event } from "js-yaml";

/** Keys of maps and indices of lists, from the top. */
export type YamlPath = readonly (string | number)[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

interface OffsetNode {
  readonly offset: number;
  readonly entries: ReadonlyMap<string, OffsetNode>;
}

export interface DuplicateKey extends Position {
  readonly key: string;
  readonly firstLine: number;
}

export interface Positions {
  /** Position of the key or list entry that the path leads to, or of the nearest parent that exists. */
  readonly locate: (path: YamlPath) => Position;
  readonly duplicateKeys: () => readonly DuplicateKey[];
}

/** Reads the positions when the first one is asked for. */
export function positionsIn(events: readonly Event[], source: string): Positions {
  let tree: { readonly root: OffsetNode; readonly duplicates: readonly Duplicate[] } | undefined;
  let starts: readonly number[] | undefined;
  const treeOf = (): NonNullable<typeof tree> => (tree ??= offsetsOf(events, source));
  const at = (offset: number): Position => positionIn((starts ??= lineStarts(source)), offset);
  return {
    locate: (path) => {
      let node = treeOf().root;
      for (const step of path) {
        const next = node.entries.get(String(step));
        if (!next) break;
        node = next;
      }
      return at(node.offset);
    },
    duplicateKeys: () =>
      treeOf().duplicates.map(({ key, offset, first }) => ({
        key,
        ...at(offset),
        firstLine: at(first).line,
      })),
  };
}

export function positionAt(source: string, offset: number): Position {
  return positionIn(lineStarts(source), offset);
}

function lineStarts(source: string): number[] {
  return [0, ...Array.from(source.matchAll(/\r\n|\r|\n/g), (match) => match.index + match[0].length)];
}

function positionIn(starts: readonly number[], offset: number): Position {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: Math.max(0, offset - (starts[low] ?? 0)) + 1 };
}

interface Duplicate {
  readonly key: string;
  readonly offset: number;
  readonly first: number;
}

function offsetsOf(
  events: readonly Event[],
  source: string,
): { readonly root: OffsetNode; readonly duplicates: readonly Duplicate[] } {
  const duplicates: Duplicate[] = [];
  const anchors = new Map<string, OffsetNode>();
  let index = 0;
  const readNode = (): OffsetNode => {
    const event = events[index++];
    const entries = new Map<string, OffsetNode>();
    if (event === undefined || event.type === EVENT_ID.POP) return { offset: 0, entries };
    if (event.type === EVENT_ID.DOCUMENT) return readNode();
    if (event.type === EVENT_ID.SCALAR) return { offset: event.valueStart, entries };
    const anchor = event.anchorStart < 0 ? undefined : source.slice(event.anchorStart, event.anchorEnd);
    if (event.type === EVENT_ID.ALIAS) {
      return { offset: event.anchorStart, entries: anchors.get(anchor ?? "")?.entries ?? entries };
    }
    const node = { offset: event.start, entries };
    if (anchor !== undefined) anchors.set(anchor, node);
    while (events[index] !== undefined && events[index]?.type !== EVENT_ID.POP) {
      if (event.type === EVENT_ID.SEQUENCE) {
        entries.set(String(entries.size), readNode());
        continue;
      }
      const name = textOf(events[index], source);
      // The key is what a reader looks for; the value lends what is inside.
      const { offset } = readNode();
      const first = entries.get(name)?.offset;
      if (first !== undefined && name !== "<<") duplicates.push({ key: name, offset, first });
      entries.set(name, { offset, entries: readNode().entries });
    }
    index += 1;
    return node;
  };
  return { root: readNode(), duplicates };
}

function textOf(event: Event | undefined, source: string): string {
  return event?.type === EVENT_ID.SCALAR ? getScalarValue(source, event) : "";
}
