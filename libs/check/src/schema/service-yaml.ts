import type { Schema } from "@pai/model";
import { list, text } from "./schema.ts";

/** A name that looks like a number may stand without quotes. */
function name(description: string): Schema {
  return { type: ["string", "integer"], description };
}

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
    "start-script": text("script of deploy/ that starts the service"),
    "stop-script": text("script of deploy/ that stops the service and keeps its data"),
    "delete-script": text("script of deploy/ that stops the service and removes its data"),
    "refresh-script": text("script of deploy/ that brings the running service up to date"),
    "upgraded-script": text("known to OpenPAI, which never runs it"),
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
