import { isModelObject } from "@pai/model";
import { shown } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const invalidUrl: Rule = {
  id: "invalid-url",
  level: "error",
  about: "kubernetes.api-servers-url of layout.yaml is no URL.",
  *check({ documents, configuration }) {
    const document = documents.get(configuration.shown("layout.yaml"));
    const kubernetes = isModelObject(document?.value) ? document.value.get("kubernetes") : undefined;
    const url = isModelObject(kubernetes) ? kubernetes.get("api-servers-url") : undefined;
    if (!document || typeof url !== "string" || /^https?:$/.test(URL.parse(url)?.protocol ?? "")) return;
    yield {
      ...document.locate(["kubernetes", "api-servers-url"]),
      message: `"${shown(url)}" is no URL such as https://10.0.0.1:6443`,
    };
  },
};
