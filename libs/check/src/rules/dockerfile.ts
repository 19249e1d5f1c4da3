import { nearMisses } from "@pai/core";
import { parseDockerfile, readInstructions, meant } from "@pai/model";
import { shown, type Mistake } from "../finding.ts";
import { textIn } from "../tree.ts";
import type { Rule } from "../rule.ts";

const keywords = [
  "ADD",
  "ARG",
  "CMD",
  "COPY",
  "ENTRYPOINT",
  "ENV",
  "EXPOSE",
  "FROM",
  "HEALTHCHECK",
  "LABEL",
  "MAINTAINER",
  "ONBUILD",
  "RUN",
  "SHELL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
];

export const dockerfile: Rule = {
  id: "dockerfile",
  level: "error",
  about:
    "A Dockerfile cannot be built: an unknown instruction, no FROM, an instruction without arguments, a variable that nothing sets.",
  *check({ services, tree }) {
    for (const { dockerfile: file } of [...services.values()].flatMap(({ images }) => images)) {
      const text = textIn(tree, file);
      if (text !== undefined) yield* mistakesIn(text, file);
    }
  },
};

function* mistakesIn(text: string, file: string): Generator<Mistake> {
  const misread = new Set<number>();
  for (const { keyword, words, line } of readInstructions(text).instructions) {
    if (!keywords.includes(keyword)) {
      misread.add(line);
      const [near] = nearMisses(keyword, keywords);
      yield { file, line, message: `"${shown(keyword)}" is no instruction of a Dockerfile${meant(near)}` };
    } else if (words.length === 0) {
      misread.add(line);
      yield { file, line, message: `${keyword} needs something after it` };
    } else if (
      (keyword === "COPY" || keyword === "ADD") &&
      words.length === 1 &&
      !words[0]?.startsWith("[")
    ) {
      yield { file, line, message: `${keyword} needs a source and a target` };
    }
  }
  for (const { line, message } of parseDockerfile(text).problems) {
    if (!misread.has(line)) yield { file, line, message };
  }
}
