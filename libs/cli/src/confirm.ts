import { PaiError } from "@pai/core";

/** Y or y is yes; anything else is no. */
export async function confirm(question: string, flag: string): Promise<boolean> {
  return (await ask(`${question} (Y/N)`, flag)).toLowerCase() === "y";
}

/** A line of text, without the space around it. */
export async function ask(question: string, flag: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new PaiError("USAGE", `${question} cannot be asked without a terminal`, { hint: `add ${flag}` });
  // Loaded here, as hardly any command asks and all of them start.
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question} `)).trim();
  } finally {
    terminal.close();
  }
}
