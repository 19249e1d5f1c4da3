// Damages a tree in the ways of accident and malice, by chance from a seed.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

export type Random = () => number;

/** Mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Damage {
  readonly root: string;
  /** A file outside of the tree, which nobody may read. */
  readonly canary: string;
  readonly random: Random;
}

/** Does one thing to the tree and says what. */
export function damage(options: Damage): string {
  const { root, random } = options;
  const files = filesBelow(root);
  const file = pick(files, random);
  if (file === undefined) return "nothing is left";
  const what = pick(Object.keys(damages), random) ?? "";
  damages[what]?.(options, path.join(root, file));
  return `${what}: ${file}`;
}

type Act = (options: Damage, file: string) => void;

const fragments = [
  "\t",
  "\0",
  "\r\n",
  "{{",
  "}}",
  "{%",
  "%}",
  "{% for x in y %}",
  "{{ a.b.c }}",
  "{{ ''.__class__ }}",
  "[",
  "{",
  "*a",
  "&a ",
  "!!python/object:os.system x",
  "<<: *a",
  "---\n",
  "? ",
  ": ",
  "- ",
  "'",
  '"',
  "|\n",
  ">\n",
  "# pai-ignore: all",
  "\u202e",
  "\uFEFF",
  "${env:HOME}",
  "${file:/etc/passwd}",
  "../../../../etc/passwd",
  "__proto__",
  "constructor",
  "\\",
  "<<EOF\n",
];

const damages: Readonly<Record<string, Act>> = {
  insert: ({ random }, file) => {
    const text = textOf(file);
    const at = Math.floor(random() * (text.length + 1));
    put(file, text.slice(0, at) + pick(fragments, random) + text.slice(at));
  },
  cut: ({ random }, file) => {
    const text = textOf(file);
    const at = Math.floor(random() * text.length);
    put(file, text.slice(0, at) + text.slice(at + Math.floor(random() * 40)));
  },
  "swap lines": ({ random }, file) => {
    const lines = textOf(file).split("\n");
    put(file, lines.toSorted(() => random() - 0.5).join("\n"));
  },
  "random bytes": ({ random }, file) =>
    put(file, Buffer.from(Array.from({ length: 300 }, () => Math.floor(random() * 256)))),
  empty: (_, file) => put(file, ""),
  "alias bomb": (_, file) => put(file, bomb()),
  "deep flow": (_, file) => put(file, "[".repeat(50_000)),
  "deep blocks": (_, file) =>
    put(file, Array.from({ length: 300 }, (_each, depth) => `${" ".repeat(depth)}a:`).join("\n")),
  "deep expressions": (_, file) => put(file, `{{ ${"(".repeat(20_000)}1${")".repeat(20_000)} }}`),
  "endless loop": (_, file) =>
    put(file, "{% for a in range(999999) %}{% for b in range(999999) %}x{% endfor %}{% endfor %}"),
  "huge power": (_, file) => put(file, "{{ 9 ** 9 ** 9 ** 9 }}{{ 'a' * 999999999 }}"),
  "many entries": (_, file) => put(file, `prerequisite:\n${"- x\n".repeat(100_000)}`),
  "many keys": (_, file) =>
    put(file, Array.from({ length: 30_000 }, (_each, index) => `k${index}: 1`).join("\n")),
  "one long line": (_, file) => put(file, `a: ${"x".repeat(1_500_000)}`),
  "self anchor": (_, file) => put(file, "&a [*a]\n"),
  "50 MB": (_, file) => put(file, Buffer.alloc(50 * 1024 * 1024, "a: 1\n")),
  "link to itself": (_, file) => link(path.basename(file), file),
  "link out": ({ canary }, file) => link(canary, file),
  "link to a device": (_, file) => link("/dev/zero", file),
  pipe: (_, file) => {
    rmSync(file, { force: true, recursive: true });
    execFileSync("mkfifo", [file]);
  },
  "folder in place of a file": (_, file) => {
    rmSync(file, { force: true, recursive: true });
    mkdirSync(path.join(file, "inner"), { recursive: true });
  },
  "folder that leads out": ({ canary }, file) => link(path.dirname(canary), path.dirname(file)),
  "folder that leads up": (_, file) => link("..", path.join(path.dirname(file), "up")),
  "odd name": ({ random }, file) => {
    const name =
      pick(
        ["a\nb", "'; rm -rf x", '"', "..x", "-n", "$(id)", "\u202ename", "a b", "%0A::error::", "ü"],
        random,
      ) ?? "";
    put(path.join(path.dirname(file), `${name}.dockerfile`), "FROM x\n");
    put(
      path.join(path.dirname(file), "..", "..", name, "deploy", "service.yaml"),
      "template-list: ['../x', \"a\\nb\"]\n",
    );
  },
  remove: (_, file) => rmSync(file, { force: true, recursive: true }),
};

function bomb(): string {
  const lines = Array.from({ length: 9 }, (_, index) => {
    const items = Array.from({ length: 10 }, () => (index === 0 ? "x" : `*a${index - 1}`));
    return `a${index}: &a${index} [${items.join(", ")}]`;
  });
  return lines.join("\n");
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function put(file: string, content: string | Buffer): void {
  rmSync(file, { force: true, recursive: true });
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function link(target: string, file: string): void {
  rmSync(file, { force: true, recursive: true });
  symlinkSync(target, file);
}

/** Not through links: they lead out, or in circles. */
function filesBelow(root: string, folder = ""): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const name = path.join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(root, name) : entry.isFile() ? [name] : [];
    })
    .toSorted();
}

function pick<T>(list: readonly T[], random: Random): T | undefined {
  return list[Math.floor(random() * list.length)];
}
