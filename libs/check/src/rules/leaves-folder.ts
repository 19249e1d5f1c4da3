import { keyedIn, leavesFolder, listedIn, scriptKeys } from "../service-list.ts";
import type { Rule } from "../rule.ts";

export const leavesDeployFolder: Rule = {
  id: "leaves-folder",
  level: "error",
  about: "A template or script of service.yaml lies outside the service's deploy folder.",
  *check(context) {
    const places = ["template-list"].flatMap((key) => [...listedIn(context, key)]);
    const scripts = [...scriptKeys, "upgraded-script"].flatMap((key) => [...keyedIn(context, key)]);
    for (const { text, file, line, column } of [...places, ...scripts]) {
      if (leavesFolder(text))
        yield { file, line, column, message: `${JSON.stringify(text)} leaves the service's deploy folder` };
    }
  },
};
