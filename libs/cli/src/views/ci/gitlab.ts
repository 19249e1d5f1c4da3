// https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections
import type { Ci } from "./ci.ts";

export const gitlab: Ci = {
  fold: ({ name, title, lines, now }) => {
    // A section's name may hold letters, digits, `_`, `.` and `-` only; times are whole seconds.
    const section = `pai_${name.replaceAll(/[^\w.-]/g, "_")}`;
    const time = Math.floor(now / 1000);
    return [
      `${mark(`start:${time}:${section}[collapsed=true]`)}${title}`,
      ...lines,
      mark(`end:${time}:${section}`),
      "",
    ].join("\n");
  },
};

function mark(text: string): string {
  return `\u001B[0Ksection_${text}\r\u001B[0K`;
}
