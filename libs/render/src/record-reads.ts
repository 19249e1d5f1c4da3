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
  let found = new Map<string, SettingRead>();
  const note: Note = (path, extent) => {
    const line = where()?.line;
    if (line !== undefined) found.set(JSON.stringify([path, extent, line]), { path, extent, line });
  };
  return {
    view: prepareDict(recording(model, [], note)),
    begin: (placeNow) => {
      where = placeNow;
      found = new Map();
    },
    reads: () => withoutSteps([...found.values()]).toSorted((a, b) => a.line - b.line),
  };
}

type Note = (path: readonly string[], extent: SettingRead["extent"]) => void;

class RecordingMap extends Map<string, unknown> {
  readonly #path: readonly string[];
  readonly #note: Note;

  constructor(entries: Iterable<readonly [string, unknown]>, path: readonly string[], note: Note) {
    // Not through the constructor of Map: it calls `set`, and must not see fields that do not exist yet.
    super();
    this.#path = path;
    this.#note = note;
    for (const [key, value] of entries) super.set(key, value);
  }

  override get(key: string): unknown {
    this.#note([...this.#path, String(key)], "value");
    return super.get(key);
  }

  override has(key: string): boolean {
    this.#note([...this.#path, String(key)], "value");
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
