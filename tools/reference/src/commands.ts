// The help texts of a command line, one after the other, in one process: each turn is a fresh main module
// on the commands that are loaded already.
import { pathToFileURL } from "node:url";

export interface CommandHelp {
  /** Such as `paictl service start`. */
  readonly line: string;
  readonly text: string;
}

/** Depth first, in the order of the help. */
export async function readCommands(name: string, main: string): Promise<CommandHelp[]> {
  const found: CommandHelp[] = [];
  // Each turn adds its own.
  process.stdout.setMaxListeners(0);
  process.stderr.setMaxListeners(0);
  const visit = async (words: readonly string[]): Promise<void> => {
    const text = await helpOf(`${pathToFileURL(main).href}?turn=${found.length}`, words);
    found.push({ line: [name, ...words].join(" "), text });
    for (const next of subcommands(text, [name, ...words].join(" "))) await visit([...words, next]);
  };
  await visit([]);
  return found;
}

async function helpOf(module: string, words: readonly string[]): Promise<string> {
  const { argv } = process;
  const write = process.stdout.write.bind(process.stdout);
  let text = "";
  process.argv = [process.execPath, module, ...words, "--help"];
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk);
    return true;
  };
  try {
    await import(module);
  } finally {
    process.argv = argv;
    process.stdout.write = write;
  }
  return text.trimEnd();
}

/** The words of the section Commands; `completion` is yargs' own and shows no help. */
function subcommands(text: string, line: string): string[] {
  const section = /^Commands:\n((?: +.*\n?)+)/m.exec(text)?.[1] ?? "";
  return section
    .split("\n")
    .filter((row) => row.startsWith(`  ${line} `))
    .map((row) => row.slice(line.length + 3).split(/\s/, 1)[0] ?? "")
    .filter((word) => word !== "" && word !== "completion");
}

const shared = ["version", "output", "progress", "verbose", "help"];

/** Without the options that every command has. */
export function withoutShared(text: string): string {
  const lines = text.split("\n");
  const kept: string[] = [];
  let skips = false;
  for (const line of lines) {
    const option = /^ +(?:-\w, )?--([\w-]+)/.exec(line)?.[1];
    if (option !== undefined) skips = shared.includes(option);
    else if (!/^ {20,}/.test(line)) skips = false;
    if (!skips) kept.push(line);
  }
  return kept
    .join("\n")
    .replace(/\n+Options:\n*(?=\n\n|$)/, "\n")
    .trimEnd();
}
