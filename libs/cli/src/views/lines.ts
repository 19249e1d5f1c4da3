// An event as the line that people read; views decide which of them to show, and where.
import {
  formatLocation,
  type ActionEvent,
  type ActionName,
  type BuildStep,
  type WaitingFor,
} from "@pai/core";

export const doing: Readonly<Record<ActionName, string>> = {
  build: "building",
  push: "pushing",
  start: "starting",
  stop: "stopping",
  delete: "deleting",
  refresh: "refreshing",
  upgrade: "upgrading",
  rollback: "going back",
};
const nameWidth = 22;
const lineWidth = 100;

/** The line for an event, or undefined when there is nothing to say. Never ends with a line break. */
export function plainLine(event: ActionEvent, layout: Omit<Layout, "known"> = {}): string | undefined {
  return lineOf(event, layout);
}

/** As plainLine, where `service` is all that is worked on and whoever prints the line names it already. */
export function taskLine(event: ActionEvent, service: string): string | undefined {
  return event.type === "planned" || event.type === "summary" ? undefined : lineOf(event, { known: service });
}

interface Layout {
  /** Whose lines these are anyway. */
  readonly known?: string;
  readonly width?: number;
  /** How many tasks wait for the event's one. */
  readonly behind?: number;
}

function lineOf(event: ActionEvent, layout: Layout): string | undefined {
  switch (event.type) {
    case "connected":
      return `${event.to} ${event.name}${event.address === undefined ? "" : ` (${event.address}${event.id === undefined ? "" : `, id ${event.id}`})`}`;
    case "planned":
      return event.services.length === 0
        ? `nothing to ${event.action}`
        : `${event.action}: ${event.services.join(" · ")}`;
    case "started":
      return row(event, layout, doing[event.action]);
    case "progress":
      return row(event, layout, event.text);
    case "step":
      return event.state === "started" ? row(event, layout, describeStep(event)) : undefined;
    case "output":
      return row(event, layout, `│ ${event.line}`);
    case "waiting":
      return row(event, layout, [describeWaiting(event), ...waitingFacts(event, layout.behind)].join(" · "));
    case "finished":
      return finished(event, layout);
    case "failed":
      return row(event, layout, `failed       ${firstLine(event.message)}`, event.ms);
    case "skipped":
      return row(event, layout, `skipped      ${event.because}`);
    case "warning":
      return `warning: ${event.service === undefined || event.service === layout.known ? "" : `${event.service}: `}${event.message}${
        event.location ? `  (${formatLocation(event.location)})` : ""
      }`;
    // The error at the end names it.
    case "report":
      return undefined;
    case "summary":
      return [`${event.text} · ${seconds(event.ms)}`, ...criticalPath(event)].join("\n");
  }
}

/** `0.1 s`, `48.3 s`, `5 min 12 s` */
export function seconds(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const whole = Math.round(ms / 1000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const instructionWidth = 60;

/** `step 4/6  RUN mvn …`, or `step 4/6, 3 cached  RUN mvn …` */
export function describeStep({ stage, number, total, instruction }: BuildStep, cached = 0): string {
  const text = instruction.replaceAll(/\s+/g, " ");
  const cut = text.length > instructionWidth ? `${text.slice(0, instructionWidth - 1)}…` : text;
  return `step ${stage === undefined ? "" : `${stage} `}${number}/${total}${cached === 0 ? "" : `, ${cached} cached`}  ${cut}`;
}

/** Without an object it is not about readiness: another run is waited for, or the end of pods. */
export function describeWaiting({ object, reason }: WaitingFor): string {
  return object === undefined ? reason : `not ready    ${reason}`;
}

/** `since 04:00:12`, `gives up at the third exit`, `2 services wait for it`, as far as they are known. */
export function waitingFacts({ since, givesUp }: WaitingFor, behind = 0): string[] {
  return [
    ...(since === undefined ? [] : [`since ${clock(since)}`]),
    ...(givesUp === undefined ? [] : [`gives up ${givesUp}`]),
    ...(behind === 0 ? [] : [`${behind} ${behind === 1 ? "service waits" : "services wait"} for it`]),
  ];
}

/** `04:00:41`, of the reader's own day. */
function clock(iso: string): string {
  const time = new Date(iso);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => `${part}`.padStart(2, "0"))
    .join(":");
}

export interface Subject {
  readonly service: string;
  readonly image?: string;
}

/** `hbase`, or `drivers/drivers-410` for an image that is not named after its service. */
export function nameOf({ service, image }: Subject): string {
  return image === undefined || image === service ? service : `${service}/${image}`;
}

/** A line in columns: the name unless it is known, the text, and the duration on the right. */
export function row(
  subject: Subject,
  { known, width = lineWidth }: Layout,
  text: string,
  ms?: number,
): string {
  const name = nameOf(subject);
  const left = name === known ? `  ${text}` : `  ${name.padEnd(nameWidth)}  ${text}`;
  return ms === undefined ? left : `${left.padEnd(width - 10)} ${seconds(ms).padStart(9)}`;
}

/** Which image it is stands below where the line has no room for it. */
function finished(event: Extract<ActionEvent, { type: "finished" }>, layout: Layout): string {
  const { outcome, detail, ms } = event;
  const text = outcome === "unchanged" ? unchanged(detail) : detail;
  const identity = identityOf(event);
  // A push names the digest in its own words.
  if (identity === undefined || detail.includes(identity)) return row(event, layout, text, ms);
  const whole = row(event, layout, `${text}, ${identity}`, ms);
  if (whole.length <= (layout.width ?? lineWidth)) return whole;
  const indent = nameOf(event) === layout.known ? 2 : nameWidth + 4;
  return `${row(event, layout, text, ms)}\n${" ".repeat(indent)}${identity}`;
}

/** `sha256:77d0f1a2b3c4` of a registry, `id 77d0f1a2b3c4` of an engine: as long as docker writes them. */
function identityOf({ digest, imageId }: Extract<ActionEvent, { type: "finished" }>): string | undefined {
  if (digest !== undefined) return digest.slice(0, 19);
  return imageId === undefined ? undefined : `id ${imageId.replace("sha256:", "").slice(0, 12)}`;
}

function unchanged(detail: string): string {
  return detail === "" ? "nothing changed" : `nothing changed    ${detail}`;
}

/** A chain of one is what the summary says already. */
function criticalPath({ criticalPath: path = [] }: Extract<ActionEvent, { type: "summary" }>): string[] {
  if (path.length < 2) return [];
  return [`critical path: ${path.map(({ name, ms }) => `${name} ${seconds(ms)}`).join(" -> ")}`];
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
