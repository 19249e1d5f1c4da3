import type { Schema } from "@pai/model";
import { list, text } from "./schema.ts";

/** A name that looks like a number may stand without quotes. */
function name(description: string): Schema {
  return { type: ["string", "integer"], description };
}

const fromFiles: Schema = {
  ...list(text("a file or folder of deploy/, or key=file"), "where the keys and values come from"),
  type: ["array", "string"],
};

/** A ConfigMap or Secret that is made of files. */
function madeOfFiles(kind: string, more: NonNullable<Schema["properties"]> = {}): Schema {
  return {
    type: "object",
    properties: {
      name: text(`name of the ${kind}`),
      namespace: text("the context's own when absent"),
      from: fromFiles,
      literal: { type: "object", description: "further keys with their texts" },
      ...more,
    },
    required: ["name"],
    additionalProperties: false,
  };
}

const buildKeys: NonNullable<Schema["properties"]> = {
  args: {
    type: "object",
    description: "values for ARGs of the Dockerfiles; never secrets, as they stay in the image's history",
    additionalProperties: { type: ["string", "integer"] },
  },
  target: text("the stage to build"),
  platform: text("such as linux/arm64; the engine's own when absent"),
  secrets: list(text("the id of a secret"), "secrets that steps mount and the build must be given"),
  epoch: {
    type: ["string", "integer"],
    description: "any text; another one makes other images of the same files",
  },
};

const build: Schema = {
  type: "object",
  description: "how the service's images are built",
  properties: {
    ...buildKeys,
    reads: list(
      text("a file or folder, from the tree's root"),
      "what build-pre.sh and build-post.sh read outside of the service's folder; a change of it makes other images",
    ),
    images: {
      type: "object",
      description: "the same for single images",
      additionalProperties: { type: "object", properties: buildKeys, additionalProperties: false },
    },
  },
  additionalProperties: false,
};

const label = text("a label of the machines in layout.yaml");

export const serviceYamlSchema: Schema = {
  title: "src/<service>/deploy/service.yaml",
  description: "How a service is deployed.",
  type: ["object", "null"],
  properties: {
    prerequisite: list(name("a service"), "services that have to be ready before this one starts"),
    "template-list": list(
      name("a file below deploy/, without .template"),
      "files that are rendered from <file>.template, in this order",
    ),
    apply: list(
      text("a manifest of deploy/, rendered or not"),
      "what pai itself applies, for a service without start-script; all manifests of template-list when absent",
    ),
    "config-map": list(
      madeOfFiles("ConfigMap"),
      "ConfigMaps made of files, in a service without start-script",
    ),
    secret: list(
      madeOfFiles("Secret", { type: text("Opaque when absent") }),
      "Secrets made of files, in a service without start-script",
    ),
    "keep-revisions": {
      type: "integer",
      description: "how many revisions stay in the cluster to go back to; 10 when absent",
    },
    "start-script": text("script of deploy/ that starts the service"),
    "stop-script": text("script of deploy/ that stops the service and keeps its data"),
    "delete-script": text("script of deploy/ that stops the service and removes its data"),
    "refresh-script": text("script of deploy/ that brings the running service up to date"),
    "upgraded-script": text("script of deploy/ that takes the running service to its new version"),
    "fail-fast": {
      description:
        "when a start gives up before its time is over: off is never; at the first hopeless pod when absent",
      type: ["string", "boolean", "object"],
      properties: {
        pods: { type: "integer", description: "so many hopeless pods do not matter" },
        after: { type: ["string", "integer"], description: "a pod is hopeless only after this time: 2m" },
      },
      additionalProperties: false,
    },
    build,
    "deploy-rules": list(
      {
        type: "object",
        properties: { in: label, notin: label },
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      },
      "on which machines the service runs: on those that carry (in) or lack (notin) a label",
    ),
    "cluster-type": list(text("k8s or yarn"), "kinds of clusters that the service is for"),
    "secret-keys": list(text("a key of the service's settings"), "settings whose values must not be shown"),
  },
  additionalProperties: false,
};
