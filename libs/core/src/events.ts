import type { ErrorCode, Location } from "./errors.ts";

export type ActionName = "build" | "push" | "start" | "stop" | "delete" | "refresh" | "upgrade" | "rollback";

/** A part of a run that can go on while others do: an image to build or push, a service to deploy. */
export interface Task {
  readonly service: string;
  readonly image?: string;
  /** Tasks that come before it, by image or else service. */
  readonly needs: readonly string[];
}

/** An instruction of a Dockerfile as the builder counts it: per stage, without those that make no layer. */
export interface BuildStep {
  /** Absent where the Dockerfile has one stage. */
  readonly stage?: string;
  readonly number: number;
  readonly total: number;
  readonly instruction: string;
}

/** What is known about why a service is not ready. */
export interface WaitingFor {
  /** In one line, in the operator's words, with object, pod and node. */
  readonly reason: string;
  /** `DaemonSet hbase-master` */
  readonly object?: string;
  readonly pod?: string;
  readonly node?: string;
  /** The reason alone, such as `container master exited with 1, twice`. */
  readonly cause?: string;
  /** What the container printed last. */
  readonly lastLine?: string;
  /** ISO 8601. */
  readonly since?: string;
  /** When the wait will end early, such as `at the third exit`. */
  readonly givesUp?: string;
}

/**
 * What happens during an action. Types and fields are a contract for `--output json` (docs/events.md); the
 * wording of texts is not. Durations are milliseconds.
 */
export type ActionEvent =
  /** The outside thing that is worked on, said once before anything is changed. */
  | {
      readonly type: "connected";
      readonly to: "engine" | "registry" | "cluster";
      readonly name: string;
      readonly address?: string;
      /** Of a cluster that a configuration was pushed to. */
      readonly id?: string;
    }
  /** Services in the order of work. */
  | {
      readonly type: "planned";
      readonly action: ActionName;
      readonly services: readonly string[];
      readonly tasks?: readonly Task[];
    }
  | {
      readonly type: "started";
      readonly action: ActionName;
      readonly service: string;
      readonly image?: string;
    }
  /** What is being done now, such as `pushing 3.1 MB of 12.0 MB`. */
  | { readonly type: "progress"; readonly service: string; readonly image?: string; readonly text: string }
  | ({
      readonly type: "step";
      readonly service: string;
      readonly image: string;
      readonly state: "started" | "cached" | "done" | "failed";
      /** Since it started; absent for `started` and `cached`. */
      readonly ms?: number;
    } & BuildStep)
  /** A line that a build step or a script printed. */
  | { readonly type: "output"; readonly service: string; readonly image?: string; readonly line: string }
  /** Sent when it changes. */
  | ({ readonly type: "waiting"; readonly service: string } & WaitingFor)
  | {
      readonly type: "finished";
      readonly action: ActionName;
      readonly service: string;
      readonly image?: string;
      readonly outcome: "changed" | "unchanged";
      /** What was done or found, such as `in the registry` or `3 objects created`. */
      readonly detail: string;
      /** Of an image that a registry has: the digest of its manifest there. */
      readonly digest?: string;
      /** Of an image that only an engine has. */
      readonly imageId?: string;
      readonly ms: number;
    }
  | {
      readonly type: "failed";
      readonly action: ActionName;
      readonly service: string;
      readonly image?: string;
      readonly code: ErrorCode | "INTERNAL";
      readonly message: string;
      readonly ms: number;
    }
  /** Not attempted, because something it needs failed. */
  | {
      readonly type: "skipped";
      readonly action: ActionName;
      readonly service: string;
      readonly image?: string;
      readonly because: string;
    }
  | {
      readonly type: "warning";
      readonly message: string;
      readonly service?: string;
      readonly location?: Location;
    }
  /** Where the report of a failed run is, relative to the root. */
  | { readonly type: "report"; readonly path: string }
  /** The last line of a run, such as `3 images: 1 built, 2 unchanged`. */
  | {
      readonly type: "summary";
      readonly text: string;
      readonly ms: number;
      /** The chain of tasks that took longest: what would have to be quicker for the run to be so. */
      readonly criticalPath?: readonly { readonly name: string; readonly ms: number }[];
    };

export type Report = (event: ActionEvent) => void;
