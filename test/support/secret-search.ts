// Looks for credentials where none may be: in texts, below folders, and in the command lines of all processes.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/** What a credential looks like: as it is, in a URL, in hex, and in base64 wherever in a text it begins. */
function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].flatMap((offset) => {
    const whole = Buffer.from(" ".repeat(offset) + secret)
      .toString("base64")
      .replace(/=+$/, "");
    // The first and the last characters hold bits of the neighbours.
    const inner = whole.slice(offset === 0 ? 0 : 4, -2);
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const hex = Buffer.from(secret).toString("hex");
  return [...new Set([secret, encodeURIComponent(secret), hex, ...base64])];
}

/** Names of the secrets that a text holds. */
export function secretsIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).some((form) => text.includes(form)) ? [name] : [],
  );
}

/** `file: name` for every file that holds one, compressed or not. Symbolic links are not followed. */
export function secretsBelow(folder: string, secrets: Readonly<Record<string, string>>): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .flatMap((file) => secretsIn(readPlain(file), secrets).map((name) => `${file}: ${name}`));
}

function readPlain(file: string): string {
  const content = readFileSync(file);
  const isCompressed = content[0] === 0x1f && content[1] === 0x8b;
  return (isCompressed ? gunzipSync(content) : content).toString("latin1");
}

export interface ProcessWatch {
  /** `command: name` for each seen, and how many command lines were looked at. */
  readonly stop: () => { readonly found: readonly string[]; readonly seen: number };
}

/** Samples the command lines of all processes of the machine until it is stopped. */
export function watchProcesses(secrets: Readonly<Record<string, string>>): ProcessWatch {
  const seen = new Set<string>();
  const looks = new Map<string, number>();
  const timer = setInterval(() => {
    for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const times = looks.get(id) ?? 0;
      // A process begins with the line of the one that made it, and soon has its own for good.
      if (times > 20) continue;
      looks.set(id, times + 1);
      seen.add(commandLine(id));
    }
  }, 20);
  return {
    stop: () => {
      clearInterval(timer);
      const found = [...seen].flatMap((line) =>
        secretsIn(line, secrets).map((name) => `${line.slice(0, 40)}: ${name}`),
      );
      return { found, seen: seen.size };
    },
  };
}

function commandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    // It has ended in between.
    return "";
  }
}
