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

/** Position of the key or list entry that the path leads to, or of the nearest parent that exists. */
export function locateIn(events: readonly Event[], source: string, path: YamlPath): Position {
  let node = offsetsOf(events, source);
  for (const step of path) {
    const next = node.entries.get(String(step));
    if (!next) break;
    node = next;
  }
  return positionAt(source, node.offset);
}

export function positionAt(source: string, offset: number): Position {
  const before = source.slice(0, Math.max(0, offset)).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

function offsetsOf(events: readonly Event[], source: string): OffsetNode {
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
      entries.set(name, { offset: readNode().offset, entries: readNode().entries });
    }
    index += 1;
    return node;
  };
  return readNode();
}

function textOf(event: Event | undefined, source: string): string {
  return event?.type === EVENT_ID.SCALAR ? getScalarValue(source, event) : "";
}
