import { readInstructions } from "@pai/model";
import { textIn } from "../tree.ts";
import type { Rule } from "../rule.ts";

export const missingSource: Rule = {
  id: "missing-source",
  level: "error",
  about:
    "COPY or ADD takes a file that the service's folder does not have (build hooks and components may make it; then nothing is said).",
  *check({ services, tree }) {
    for (const { folder, images, components } of services.values()) {
      if (components.length > 0 || tree.exists(`${folder}/build/build-pre.sh`)) continue;
      for (const { dockerfile: file } of images) {
        for (const { keyword, flags, words, line } of readInstructions(textIn(tree, file) ?? "")
          .instructions) {
          if ((keyword !== "COPY" && keyword !== "ADD") || flags.some(([name]) => name === "from")) continue;
          for (const word of words.slice(0, -1)) {
            const source = word.replace(/^(?:\.?\/)+/, "");
            if (source === "" || source === ".") continue;
            // Lists in JSON, variables, globs, URLs, heredocs and quotes: the engine knows better.
            if (/[[\]$*?\\"'<,]|:\/\//.test(source) || tree.exists(`${folder}/${source}`)) continue;
            yield {
              file,
              line,
              message: `${keyword} takes ${source}, but ${folder}/${source} does not exist`,
            };
          }
        }
      }
    }
  },
};
