import { isModelObject } from "@pai/model";
import type { Rule } from "../rule.ts";

export const incompleteLogin: Rule = {
  id: "incomplete-login",
  level: "error",
  about: "The registry has a username without a password, or the other way round.",
  *check({ documents, configuration }) {
    const document = documents.get(configuration.shown("services-configuration.yaml"));
    const cluster = isModelObject(document?.value) ? document.value.get("cluster") : undefined;
    const registry = isModelObject(cluster) ? cluster.get("docker-registry") : undefined;
    if (!document || !isModelObject(registry)) return;
    const given = ["username", "password"].filter((key) => (registry.get(key) ?? null) !== null);
    const [only] = given;
    if (given.length !== 1 || only === undefined) return;
    const path = ["cluster", "docker-registry", only];
    yield {
      ...document.locate(path),
      message: `${only} is given without ${only === "username" ? "password" : "username"}`,
    };
  },
};
