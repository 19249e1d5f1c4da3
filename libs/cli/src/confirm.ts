import { createInterface } from "node:readline/promises";
import { PaiError } from "@pai/core";

/** Y or y is yes; anything else is no. */
export async function confirm(question: string, flag: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new PaiError("USAGE", `${question} cannot be asked without a terminal`, { hint: `add ${flag}` });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question} (Y/N) `)).trim().toLowerCase() === "y";
  } finally {
    terminal.close();
  }
}
