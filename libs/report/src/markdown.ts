import { formatError } from "@pai/core";
import { logFile, objectFile } from "./attachments.ts";
import type { EventRecord, PodRecord, ServiceEvidence } from "./evidence.ts";
import { taskRecords, type RunRecord } from "./run-record.ts";
import { formatTimeline } from "./timeline.ts";

const shownLines = 30;

export function formatMarkdown(run: RunRecord): string {
  const { action, cluster, started, ended, tool, errors } = run;
  const tasks = taskRecords(run);
  const failed = tasks.filter(({ state }) => state === "failed").map(({ service }) => service);
  return [
    `# ${action} failed: ${failed.join(", ")}`,
    "",
    `Cluster ${cluster.name} (${cluster.server}, Kubernetes ${cluster.version}), ${started} to ${ended}, pai ${tool}.`,
    "",
    "## Cause",
    ...errors.flatMap((error) => fenced(formatError(error))),
    "",
    "## Plan",
    "| service | needs | ended | time | |",
    "| --- | --- | --- | --- | --- |",
    ...tasks.map(({ service, needs, state, detail, ms }) =>
      tableRow([
        service,
        needs.join(", "),
        state,
        ms === undefined ? "" : `${(ms / 1000).toFixed(1)} s`,
        detail,
      ]),
    ),
    "",
    "## Timeline",
    "| after | service | |",
    "| --- | --- | --- |",
    ...formatTimeline(run).map(({ after, service, text }) => tableRow([after, service, text])),
    ...run.evidence.flatMap(evidenceSection),
    "",
  ].join("\n");
}

function evidenceSection({ service, objects, pods, events, gaps }: ServiceEvidence): string[] {
  return [
    "",
    `## ${service}`,
    ...objects.map(({ name }) => `- [${name}](${objectFile(service, name)})`),
    ...gaps.map((gap) => `- not found out: ${gap}`),
    ...pods.flatMap((pod) => podSection(service, pod)),
    ...eventSection(events),
  ];
}

function podSection(service: string, pod: PodRecord): string[] {
  return [
    "",
    `### Pod ${pod.name}${pod.node === undefined ? "" : ` on ${pod.node}`}`,
    `- [Pod ${pod.name}](${objectFile(service, `Pod ${pod.name}`)})`,
    ...pod.logs.flatMap((log) => [
      "",
      `[${log.container}, ${log.run === "current" ? "as it runs" : "before its restart"}](${logFile(service, pod, log)}), its last lines:`,
      ...fenced(log.text.trimEnd().split("\n").slice(-shownLines).join("\n")),
    ]),
  ];
}

function eventSection(events: readonly EventRecord[]): string[] {
  if (events.length === 0) return [];
  return [
    "",
    "### Events",
    "| time | type | about | reason | message |",
    "| --- | --- | --- | --- | --- |",
    ...events.map(({ time, type, about, reason, message }) => tableRow([time, type, about, reason, message])),
  ];
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\r?\n/g, "<br>")).join(" | ")} |`;
}

/** The fence is longer than any in the text. */
function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, text, fence];
}
