import { taskRecords, type RunRecord, type TaskRecord } from "./run-record.ts";

/** A test case a service, in the form that CI systems share: https://github.com/testmoapp/junitxml */
export function formatJunit(run: RunRecord): string {
  const tasks = taskRecords(run);
  const count = (state: TaskRecord["state"]): number => tasks.filter((task) => task.state === state).length;
  const seconds = (Date.parse(run.ended) - Date.parse(run.started)) / 1000;
  const counts = `tests="${tasks.length}" failures="${count("failed")}" errors="0" skipped="${count("skipped") + count("not ended")}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} time="${seconds.toFixed(3)}">`,
    `  <testsuite name="${escape(`paictl service ${run.action}`)}" ${counts} time="${seconds.toFixed(3)}" timestamp="${escape(run.started)}">`,
    ...tasks.map((task) => testCase(task, run.action)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase({ service, state, detail, ms = 0 }: TaskRecord, action: string): string {
  const open = `    <testcase name="${escape(service)}" classname="${escape(`paictl.${action}`)}" time="${(ms / 1000).toFixed(3)}"`;
  const [first = ""] = detail.split("\n", 1);
  switch (state) {
    case "done":
    case "unchanged":
      return `${open}/>`;
    case "failed":
      return `${open}><failure message="${escape(first)}">${escape(detail)}</failure></testcase>`;
    case "skipped":
    case "not ended":
      return `${open}><skipped message="${escape(first || "not begun")}"/></testcase>`;
  }
}

// XML 1.0 has no way to write most control characters, not even escaped.
const unwritable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

function escape(text: string): string {
  return text
    .replaceAll(unwritable, "�")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
