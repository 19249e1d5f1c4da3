import type { ActionEvent } from "@pai/core";
import { describeStep, describeWaiting, doing, nameOf, row, seconds, type Subject } from "./lines.ts";

export interface Heartbeat {
  take(event: ActionEvent, now: number): void;
  /** A line for each task about which nothing has been said for long: a silent log looks like a hang. */
  due(now: number): string[];
}

const silenceMs = 30_000;

interface Running {
  readonly subject: Subject;
  /** What it does, and since when. */
  doing: string;
  since: number;
  said: number;
}

export function createHeartbeat(): Heartbeat {
  const tasks = new Map<string, Running>();
  const begin = (subject: Subject, text: string, now: number): void => {
    tasks.set(nameOf(subject), { subject, doing: text, since: now, said: now });
  };
  return {
    take: (event, now) => {
      if (event.type === "started") begin(event, doing[event.action], now);
      if (event.type === "step" && event.state === "started") begin(event, describeStep(event), now);
      if (event.type === "waiting") begin(event, describeWaiting(event), now);
      if (event.type === "finished" || event.type === "failed") tasks.delete(nameOf(event));
      const task = event.type === "progress" ? tasks.get(nameOf(event)) : undefined;
      if (task) task.said = now;
    },
    due: (now) =>
      [...tasks.values()]
        .filter(({ said }) => now - said >= silenceMs)
        .map((task) => {
          task.said = now;
          return row(task.subject, {}, `still ${task.doing}, ${seconds(now - task.since)}`);
        }),
  };
}
