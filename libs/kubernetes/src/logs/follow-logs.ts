// Lines of all containers of some objects' pods; following, also of pods that come later.
import type { Pod } from "../causes/types.ts";
import type { LogStreams } from "./log-stream.ts";
import { findAll } from "../find-all.ts";
import type { ObjectRef, Objects } from "../objects.ts";
import { olderPodsOf, podsOf } from "../pods-of.ts";
import { runsPods } from "../readiness/readiness.ts";
import { queriesFor, takeSnapshot } from "../wait/snapshot.ts";
import type { WatchedView, Watches } from "../watch/watch-pool.ts";

export interface LogLine {
  readonly pod: string;
  readonly container: string;
  readonly text: string;
}

export interface FollowLogsOptions {
  readonly objects: Objects;
  readonly watches: Watches;
  readonly logs: LogStreams;
  readonly refs: readonly ObjectRef[];
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tail: number | undefined;
  readonly signal: AbortSignal;
  readonly onLine: (line: LogLine) => void;
}

export async function followLogs(options: FollowLogsOptions): Promise<void> {
  const { objects, watches, follow, signal } = options;
  const refs = (await findAll(objects, options.refs.filter(runsPods))).flatMap(({ ref, object }) =>
    object ? [ref] : [],
  );
  const view = await watches.open(queriesFor(refs));
  const reading = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  try {
    for (;;) {
      for (const { pod, container, run } of runsIn(podsFor(refs, view))) {
        const key = `${pod.metadata.uid} ${container} ${run}`;
        if (reading.has(key)) continue;
        const done = read(pod, container, options).catch((error: unknown) => void failures.push(error));
        reading.set(key, done);
      }
      if (!follow || failures.length > 0) break;
      await view.changed(lookAgainMs, signal);
    }
    await Promise.all(reading.values());
    if (failures.length > 0) throw failures[0];
  } finally {
    view.close();
  }
}

const lookAgainMs = 5000;

async function read(pod: Pod, container: string, options: FollowLogsOptions): Promise<void> {
  const { logs, follow, previous, tail, signal, onLine } = options;
  const { name, namespace = "default" } = pod.metadata;
  const lines = logs.open({ namespace, name, container, follow, previous, tail }, signal);
  for await (const text of lines) onLine({ pod: name, container, text });
}

function podsFor(refs: readonly ObjectRef[], view: WatchedView): Pod[] {
  const snapshot = takeSnapshot(view.list, refs, new Date(0));
  return refs.flatMap((ref) => {
    const object = snapshot.find(ref);
    const running = snapshot.running(ref.namespace);
    return object ? [...podsOf(object, running), ...olderPodsOf(object, running)] : [];
  });
}

/** Every run of every container that has begun. */
function runsIn(
  pods: readonly Pod[],
): { readonly pod: Pod; readonly container: string; readonly run: number }[] {
  return pods.flatMap((pod) => {
    const { initContainerStatuses = [], containerStatuses = [] } = pod.status;
    return [...initContainerStatuses, ...containerStatuses]
      .filter(({ state, lastState }) => state.waiting === undefined || lastState?.terminated)
      .map(({ name: container, restartCount: run }) => ({ pod, container, run }));
  });
}
