// Templates read the model through Maps that note which keys were asked for, and in which line.
import { prepareDict, PyFloat, type Place } from "@pai/jinja";
import { ModelFloat, type ModelObject, type ModelValue } from "@pai/model";

/** A setting that a template read. */
export interface SettingRead {
  /** Keys from the top of the model: `["hbase", "port"]`. */
  readonly path: readonly string[];
  /** `whole`: a map of settings all of whose keys count, as in a loop over it. */
  readonly extent: "value" | "whole";
  readonly line: number;
}

export interface RecordedModel {
  /** The model as templates see it. */
  readonly view: Map<string, unknown>;
  /** Starts anew for a template; `placeNow` tells where it is. */
  readonly begin: (placeNow: () => Place | undefined) => void;
  /** What has been read since, in the order of the lines. */
  readonly reads: () => readonly SettingRead[];
}

export function recordReads(model: ModelObject): RecordedModel {
  let where: () => Place | undefined = () => undefined;
  let found: SettingRead[] = [];
  let byPath = new Map<unknown, SettingRead[]>();
  // Loops ask for the same again and again.
  const note: Note = (path, extent, identity = path) => {
    const line = where()?.line;
    if (line === undefined) return;
    const before = byPath.get(identity) ?? [];
    if (before.some((read) => read.line === line && read.extent === extent)) return;
    const read: SettingRead = { path, extent, line };
    found.push(read);
    byPath.set(identity, [...before, read]);
  };
  return {
    view: prepareDict(recording(model, [], note)),
    begin: (placeNow) => {
      where = placeNow;
      found = [];
      byPath = new Map();
    },
    reads: () => withoutSteps(found).toSorted((a, b) => a.line - b.line),
  };
}

/** `identity` is the same for the same path; the array itself where that is always the same. */
type Note = (path: readonly string[], extent: SettingRead["extent"], identity?: unknown) => void;

class RecordingMap extends Map<string, unknown> {
  readonly #path: readonly string[];
  readonly #note: Note;
  readonly #paths = new Map<string, readonly string[]>();

  constructor(entries: Iterable<readonly [string, unknown]>, path: readonly string[], note: Note) {
    // Not through the constructor of Map: it calls `set`, and must not see fields that do not exist yet.
    super();
    this.#path = path;
    this.#note = note;
    for (const [key, value] of entries) super.set(key, value);
  }

  #noteKey(key: string): void {
    const known = this.#paths.get(key);
    if (known) return this.#note(known, "value");
    const path = [...this.#path, String(key)];
    if (!super.has(key)) return this.#note(path, "value", JSON.stringify(path));
    // Only keys that are there: a template may ask for any number of others.
    this.#paths.set(key, path);
    this.#note(path, "value");
  }

  override get(key: string): unknown {
    this.#noteKey(key);
    return super.get(key);
  }

  override has(key: string): boolean {
    this.#noteKey(key);
    return super.has(key);
  }

  override get size(): number {
    // Set by Map's own constructor, before there is anything to note.
    if (#note in this) this.#note(this.#path, "whole");
    return super.size;
  }

  override keys(): MapIterator<string> {
    this.#note(this.#path, "whole");
    return super.keys();
  }

  override values(): MapIterator<unknown> {
    this.#note(this.#path, "whole");
    return super.values();
  }

  override entries(): MapIterator<[string, unknown]> {
    this.#note(this.#path, "whole");
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, unknown]> {
    return this.entries();
  }
}

function recording(model: ModelObject, path: readonly string[], note: Note): Map<string, unknown> {
  const entries = [...model].map(([key, value]) => [key, toPython(value, [...path, key], note)] as const);
  return new RecordingMap(entries, path, note);
}

function toPython(value: ModelValue, path: readonly string[], note: Note): unknown {
  // A float that looks like an integer has to stay a float.
  if (value instanceof ModelFloat) return new PyFloat(value.value);
  // A list is read as a whole; the maps in it still tell which of their keys were asked for.
  if (Array.isArray(value))
    return value.map((item: ModelValue, index) => toPython(item, [...path, String(index)], note));
  if (value instanceof Map) return recording(value as ModelObject, path, note);
  // Small ones would be exchanged by the template language, and the map that holds them with them.
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  return value;
}

/** Without the maps that were only passed through on the way to a key read in the same line or a later one. */
function withoutSteps(reads: readonly SettingRead[]): SettingRead[] {
  const passed = new Set(
    reads.flatMap(({ path }) => path.slice(1).map((_, index) => JSON.stringify(path.slice(0, index + 1)))),
  );
  return reads.filter(({ path, extent }) => extent === "whole" || !passed.has(JSON.stringify(path)));
}
