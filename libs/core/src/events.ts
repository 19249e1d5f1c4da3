import type { ErrorCode, Location } from "./errors.ts";

export type ActionName = "build" | "push" | "start" | "stop" | "delete" | "refresh";

/**
 * What happens during an action. Types and fields are a contract for `--output json`; the wording of
 * texts is not. Durations are milliseconds.
 */
export type ActionEvent =
  /** The outside thing that is worked on, said once before anything is changed. */
  | {
      readonly type: "connected";
      readonly to: "engine" | "registry" | "cluster";
      readonly name: string;
      readonly address?: string;
    }
  /** Services in the order of work. */
  | { readonly type: "planned"; readonly action: ActionName; readonly services: readonly string[] }
  | {
      readonly type: "started";
      readonly action: ActionName;
      readonly service: string;
      readonly image?: string;
    }
  /** What is being done now, such as `step 4/6  RUN mvn …`. */
  | { readonly type: "progress"; readonly service: string; readonly image?: string; readonly text: string }
  /** A line that a build step or a script printed. */
  | { readonly type: "output"; readonly service: string; readonly image?: string; readonly line: string }
  /** Why the service is not ready yet, in the operator's words; sent when it changes. */
  | { readonly type: "waiting"; readonly service: string; readonly reason: string }
  | {
      readonly type: "finished";
      readonly action: ActionName;
      readonly service: string;
      readonly image?: string;
      readonly outcome: "changed" | "unchanged";
      /** What was done or found, such as `in the registry` or `3 objects created`. */
      readonly detail: string;
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
  /** The last line of a run, such as `3 images: 1 built, 2 unchanged · 48.3 s`. */
  | { readonly type: "summary"; readonly text: string; readonly ms: number };

export type Report = (event: ActionEvent) => void;
