import { formatLocation, type ActionEvent, type ActionName, type BuildStep } from "@pai/core";

const doing: Readonly<Record<ActionName, string>> = {
  build: "building",
  push: "pushing",
  start: "starting",
  stop: "stopping",
  delete: "deleting",
  refresh: "refreshing",
};
const nameWidth = 22;
const lineWidth = 100;

/** Progress for logs and pipes: one line a change, on stderr. */
export function plainView(event: ActionEvent): void {
  const line = plainLine(event);
  if (line !== undefined) process.stderr.write(`${line}\n`);
}

/** The line for an event, or undefined when there is nothing to say. Never ends with a line break. */
export function plainLine(event: ActionEvent): string | undefined {
  return lineOf(event, undefined);
}

/** As plainLine, where `service` is all that is worked on and whoever prints the line names it already. */
export function taskLine(event: ActionEvent, service: string): string | undefined {
  return event.type === "planned" || event.type === "summary" ? undefined : lineOf(event, service);
}

function lineOf(event: ActionEvent, known: string | undefined): string | undefined {
  switch (event.type) {
    case "connected":
      return `${event.to} ${event.name}${event.address === undefined ? "" : ` (${event.address})`}`;
    case "planned":
      return event.services.length === 0
        ? `nothing to ${event.action}`
        : `${event.action}: ${event.services.join(" · ")}`;
    case "started":
      return row(event, known, doing[event.action]);
    case "progress":
      return row(event, known, event.text);
    case "step":
      return event.state === "started" ? row(event, known, describeStep(event)) : undefined;
    case "output":
      return row(event, known, `│ ${event.line}`);
    case "waiting":
      return row(event, known, `not ready    ${event.reason}`);
    case "finished":
      return row(
        event,
        known,
        event.outcome === "unchanged" ? unchanged(event.detail) : event.detail,
        event.ms,
      );
    case "failed":
      return row(event, known, `failed       ${firstLine(event.message)}`, event.ms);
    case "skipped":
      return row(event, known, `skipped      ${event.because}`);
    case "warning":
      return `warning: ${event.service === undefined || event.service === known ? "" : `${event.service}: `}${event.message}${
        event.location ? `  (${formatLocation(event.location)})` : ""
      }`;
    case "report":
      return `report ${event.path}`;
    case "summary":
      return `${event.text} · ${seconds(event.ms)}`;
  }
}

/** `0.1 s`, `48.3 s`, `5 min 12 s` */
export function seconds(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const instructionWidth = 60;

/** `step 4/6  RUN mvn …` */
function describeStep({ stage, number, total, instruction }: BuildStep): string {
  const text = instruction.replaceAll(/\s+/g, " ");
  const cut = text.length > instructionWidth ? `${text.slice(0, instructionWidth - 1)}…` : text;
  return `step ${stage === undefined ? "" : `${stage} `}${number}/${total}  ${cut}`;
}

function unchanged(detail: string): string {
  return detail === "" ? "nothing changed" : `nothing changed    ${detail}`;
}

interface Subject {
  readonly service: string;
  readonly image?: string;
}

function row(subject: Subject, known: string | undefined, text: string, ms?: number): string {
  const name = nameOf(subject);
  const left = name === known ? `  ${text}` : `  ${name.padEnd(nameWidth)}  ${text}`;
  return ms === undefined ? left : `${left.padEnd(lineWidth - 10)} ${seconds(ms).padStart(9)}`;
}

function nameOf({ service, image }: Subject): string {
  return image === undefined || image === service ? service : `${service}/${image}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
