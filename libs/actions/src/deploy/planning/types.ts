import type { ObjectRef } from "@pai/kubernetes";
import type { LineChange } from "../../config/line-diff.ts";

/** What a start would do, found out without changing anything. */
export interface DeploymentPlan {
  readonly cluster: {
    readonly context: string;
    readonly server: string;
    /** Of a cluster that a configuration was pushed to. */
    readonly id?: string;
  };
  readonly configuration: string;
  /** Services that can start at the same time stand together. */
  readonly order: readonly (readonly string[])[];
  readonly services: readonly ServicePlan[];
  readonly nodes: readonly NodePlan[];
}

export interface ServicePlan {
  readonly service: string;
  readonly mode: "script" | "declarative";
  /** `script`: its start-script will run, and decides what it does. */
  readonly outcome: "unchanged" | "change" | "script";
  /** Of a declarative service, where it changes: the present revision, if there is one, and the next. */
  readonly revision?: { readonly from?: number; readonly to: number };
  readonly objects: readonly ObjectChange[];
  /** With their digests. */
  readonly images: readonly string[];
  /** The same for the same plan on the same state of the cluster; tells nothing of what is in it. */
  readonly fingerprint: string;
}

export interface ObjectChange {
  readonly ref: ObjectRef;
  readonly change: "create" | "change" | "unchanged" | "recreate" | "prune" | "keep" | "refused";
  readonly fields: readonly FieldView[];
  /** Pods that will be replaced, and why. */
  readonly restarts?: { readonly pods: number; readonly because: string };
  /** Why it is refused, or what could not be found out. */
  readonly note?: string;
}

export type FieldView =
  | { readonly path: string; readonly kind: "secret" }
  | { readonly path: string; readonly kind: "value"; readonly before?: string; readonly after?: string }
  /** A text of several lines. */
  | { readonly path: string; readonly kind: "text"; readonly lines: readonly LineChange[] };

export interface NodePlan {
  readonly node: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}
