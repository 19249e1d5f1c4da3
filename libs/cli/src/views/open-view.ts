import type { WriteStream } from "node:tty";
import { PaiError } from "@pai/core";
import type { ProgressStyle, ShellOptions } from "../command.ts";
import { ciOf } from "./ci/ci.ts";
import { createJsonView } from "./json.ts";
import { createPlainView } from "./plain.ts";
import type { View } from "./view.ts";

export async function openView({ output, progress, verbose }: ShellOptions): Promise<View> {
  const { stdout, stderr, env } = process;
  if (output === "json") return createJsonView((text) => void stdout.write(text));
  const write = (text: string): void => void stderr.write(text);
  switch (progressStyle(progress, { env, isTerminal: stderr.isTTY })) {
    case "json":
      return createJsonView(write);
    case "plain":
      return createPlainView({ write, verbose, ci: ciOf(env) });
    case "tty": {
      const { createLiveView } = await import("./live/live.ts");
      return createLiveView(stderr as WriteStream, stdout.isTTY ? [stdout as WriteStream] : []);
    }
  }
}

/** Throws USAGE when a live view is asked for where nothing can be drawn over. */
export function progressStyle(
  asked: ProgressStyle,
  {
    env,
    isTerminal,
  }: { readonly env: Readonly<Record<string, string | undefined>>; readonly isTerminal: boolean },
): Exclude<ProgressStyle, "auto"> {
  if (asked === "tty" && !isTerminal)
    throw new PaiError("USAGE", "--progress tty: stderr is not a terminal", { hint: "--progress plain" });
  if (asked !== "auto") return asked;
  const isLive = isTerminal && env["TERM"] !== "dumb" && !isSet(env["CI"]) && !isSet(env["NO_COLOR"]);
  return isLive ? "tty" : "plain";
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "false";
}
