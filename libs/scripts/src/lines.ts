import { StringDecoder } from "node:string_decoder";

/** Cuts chunks into lines; a character that two chunks share is put together first. */
export function createLineSplitter(onLine: (line: string) => void): {
  readonly write: (chunk: Buffer) => void;
  /** Hands over what follows the last line break. */
  readonly end: () => void;
} {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const take = (text: string): void => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  };
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}
