// A program for cluster-schema.ts: takes the request as its argument and prints the schema.
import { schemaOf, type KubernetesSchema, type OpenApiDocument } from "@pai/check";
import { readOpenApi } from "@pai/kubernetes/open-api";
import type { SchemaRequest } from "./cluster-schema.ts";

const request = JSON.parse(process.argv[2] ?? "{}") as SchemaRequest;
const { kubeconfig, context, server: configured, home, answerMs } = request;
const { server, version, document } = await readOpenApi({
  ...(kubeconfig === undefined ? {} : { explicit: kubeconfig }),
  context,
  server: configured,
  env: process.env,
  home,
  answerMs,
});
const schema: KubernetesSchema = { ...schemaOf(document as OpenApiDocument, { version }), server };
process.stdout.write(JSON.stringify(schema));
