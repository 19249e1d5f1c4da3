import type { PaiError } from "@pai/core";
import type { ConfigWarning } from "./duplicate-keys.ts";

/** One folder of `src/`, as its own files describe it. All paths are relative to the tree root, with `/`. */
export interface Service {
  readonly name: string;
  /** `src/<name>` */
  readonly folder: string;
  readonly images: readonly ImageSource[];
  /** Services named in `build/component.dep`, whose folders are copied into the build context. */
  readonly components: readonly NamedLine[];
  /** There is a build-pre.sh or build-post.sh, which may make what the Dockerfiles copy. */
  readonly hasHooks?: boolean;
  /** Files and folders of the tree that these read outside of the service's folder. */
  readonly hookReads?: readonly string[];
  /** Absent when the service has no `deploy/service.yaml`, as those that only build images. */
  readonly deploy?: ServiceDeploy;
  /** What is wrong with this service's own files. One bad service never stops the others from being read. */
  readonly problems: readonly PaiError[];
  /** What hardly is as it was meant. */
  readonly warnings?: readonly ConfigWarning[];
}

/** One `build/*.dockerfile`. */
export interface ImageSource {
  /** The image is named after the file: `hbase.dockerfile` and `hbase.common.dockerfile` make `hbase`. */
  readonly name: string;
  readonly dockerfile: string;
  /** Every image that the Dockerfile starts a stage from or copies from, its own stages left out. */
  readonly bases: readonly BaseImage[];
  /**
   * What the Dockerfile copies from the service's folder, relative to it and without globs; `.` for all of
   * it. The Dockerfile itself is not among them.
   */
  readonly contextPaths: readonly string[];
  readonly names: DockerfileNames;
  /** What service.yaml and the command line set for it; absent when nothing. */
  readonly build?: ImageBuild;
}

/** What a Dockerfile names that can be given from outside. */
export interface DockerfileNames {
  /** Of `ARG`s, in any stage. */
  readonly args: readonly string[];
  /** In lower case, in order. */
  readonly stages: readonly string[];
  readonly secrets: readonly SecretMount[];
}

/** `RUN --mount=type=secret` */
export interface SecretMount {
  readonly id: string;
  /** Without it the step runs without the secret, too. */
  readonly required: boolean;
  readonly line: number;
}

/** How an image is built where that is not the builder's default. */
export interface ImageBuild {
  /** Only those that the Dockerfile declares, and proxies. */
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly platform?: string;
  /** Ids of secrets that the build must be given. */
  readonly secrets: readonly string[];
  /** Another one makes another image of the same files. */
  readonly epoch?: string;
}

export interface BaseImage {
  /** As written, with the defaults of `ARG`s filled in. */
  readonly reference: string;
  readonly line: number;
}

/** A name together with the line of the file that says it. */
export interface NamedLine {
  readonly name: string;
  readonly line: number;
}

/** The contents of `deploy/service.yaml`. */
export interface ServiceDeploy {
  readonly file: string;
  readonly prerequisites: readonly NamedLine[];
  /** `template-list` entries: `x` is rendered from `deploy/x.template`. */
  readonly templates: readonly NamedLine[];
  readonly scripts: Readonly<Partial<Record<ScriptName, NamedLine>>>;
  readonly deployRules: readonly DeployRule[];
  /** What is applied without a script; absent when a script starts the service. */
  readonly declarative?: Declarative;
  /** As `defaultFailFast` when absent. */
  readonly failFast?: FailFast;
}

/** When a start gives up before its time is over. */
export type FailFast =
  /** Never. */
  | { readonly mode: "off" }
  /** As soon as more than `pods` pods are hopeless, and each has been so for `afterMs` or longer. */
  | { readonly mode: "on"; readonly pods: number; readonly afterMs: number };

/** At the first pod that is hopeless. */
export const defaultFailFast: FailFast = { mode: "on", pods: 0, afterMs: 0 };

/** A service whose objects pai itself applies. */
export interface Declarative {
  /** Manifest files of `deploy/`, rendered or not; all manifests of template-list when absent. */
  readonly apply?: readonly NamedLine[];
  readonly sources: readonly ConfigSource[];
  /** How many revisions stay in the cluster to go back to. */
  readonly keepRevisions: number;
}

/** A ConfigMap or Secret that is made of files. */
export interface ConfigSource {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly namespace?: string;
  /** Of a Secret; `Opaque` when absent. */
  readonly type?: string;
  /** Files and folders of `deploy/`; `key=file` gives a file another key than its name. */
  readonly from: readonly string[];
  readonly literal: Readonly<Record<string, string>>;
  readonly line: number;
}

/** `start-script`, `stop-script` … of service.yaml. */
export type ScriptName = "start" | "stop" | "delete" | "refresh" | "upgraded";

/** Only nodes that carry (`in`) or lack (`notin`) the label with the value "true" run the service. */
export interface DeployRule {
  readonly operator: "in" | "notin";
  readonly label: string;
  readonly line: number;
}
