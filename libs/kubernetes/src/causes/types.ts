import type { KubernetesObject } from "../objects.ts";
import type { Condition } from "../readiness/types.ts";

/** What is known about an object that is not ready. */
export interface Evidence {
  readonly object: KubernetesObject;
  /** Its pods of the newest revision, those that are ending left out. */
  readonly pods: readonly Pod[];
  /** Its pods of older revisions. */
  readonly olderPods: readonly Pod[];
  /** Events about the object, its replica set and its pods since the wait began, newest first. */
  readonly events: readonly ObjectEvent[];
  readonly nodes: readonly KubernetesObject[];
  /** Whether this run makes the object: what misses it need not be hopeless. */
  readonly isComing: (kind: string, name: string) => boolean;
  /** The Deployment's newest replica set. */
  readonly replicaSet?: KubernetesObject;
  /** The server's time, in milliseconds. */
  readonly now: number;
  /** Restarts that a container of a pod had before the wait began. */
  readonly restartsBefore: (podUid: string, container: string) => number;
}

export interface Cause {
  /** The reason in the operator's words, such as `image x: not found`. */
  readonly text: string;
  /** What stays the same while numbers and details of the text change; the text where it is absent. */
  readonly kind?: string;
  readonly pod?: Pod;
  readonly container?: string;
  /** The container's output says more: that of this run, or of the one before its restart. */
  readonly log?: "current" | "previous";
  /** The last line of that output is the reason itself, as of a container that ended. */
  readonly lastLineTells?: boolean;
  /** Lasting this long, it will not go away by itself. Absent: it may always do so. */
  readonly doomedAfterMs?: number;
  /** What will be proof that it does not go away, where that is no time: `at the third exit`. */
  readonly givesUp?: string;
  readonly hint?: string;
}

export interface Pod extends KubernetesObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly ContainerSpec[];
    readonly initContainers?: readonly ContainerSpec[];
    /** Those of its service account included. */
    readonly imagePullSecrets?: readonly { readonly name: string }[];
    readonly volumes?: readonly {
      readonly name: string;
      readonly persistentVolumeClaim?: { readonly claimName: string };
    }[];
  };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly readinessProbe?: unknown;
  readonly restartPolicy?: string;
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
}

export interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: Termination;
}

export interface Termination {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export interface ObjectEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** The object that it is about. */
  readonly uid: string;
  readonly kind: string;
  readonly name: string;
  /** When it was last seen, by the server's clock, in milliseconds. */
  readonly time: number;
  /** When it was first seen. */
  readonly since: number;
  /** `spec.containers{name}` */
  readonly fieldPath?: string;
}

/** One rule: looks at a container of a pod, which says more about itself than the pod does. */
export type ContainerRule = (
  status: ContainerStatus,
  pod: Pod,
  evidence: Evidence,
) => Omit<Cause, "pod" | "container"> | undefined;
