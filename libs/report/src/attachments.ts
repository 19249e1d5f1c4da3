import type { LogRecord, PodRecord, ServiceEvidence } from "./evidence.ts";

export interface ReportFile {
  /** Relative to the report's folder. */
  readonly name: string;
  readonly text: string;
}

/** Logs and objects in files of their own, as they are long. */
export function attachments({ service, objects, pods }: ServiceEvidence): ReportFile[] {
  return [
    ...objects.map(({ name, yaml }) => ({ name: objectFile(service, name), text: yaml })),
    ...pods.map((pod) => ({ name: objectFile(service, `Pod ${pod.name}`), text: pod.yaml })),
    ...pods.flatMap((pod) => pod.logs.map((log) => ({ name: logFile(service, pod, log), text: log.text }))),
  ];
}

export function objectFile(service: string, name: string): string {
  return `${service}/${fileName(name)}.yaml`;
}

export function logFile(service: string, { name }: PodRecord, { container, run }: LogRecord): string {
  return `${service}/${fileName(`${name}.${container}`)}${run === "previous" ? ".previous" : ""}.log`;
}

function fileName(text: string): string {
  return text.replaceAll(/[^\w.-]+/g, "-");
}
