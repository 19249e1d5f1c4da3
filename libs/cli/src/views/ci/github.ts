// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
import type { Ci } from "./ci.ts";

export const github: Ci = {
  fold: ({ title, lines }) => [`::group::${title}`, ...lines, "::endgroup::", ""].join("\n"),
  annotate: (level, { message, title, location: { file, line, column } }) => {
    const properties = Object.entries({ file, line, col: column, title }).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}=${escapeProperty(`${value}`)}`],
    );
    return `::${level} ${properties.join(",")}::${escapeData(message)}`;
  },
};

// The runner reads a command up to the end of its line, and undoes these escapes.
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
