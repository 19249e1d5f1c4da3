import type { Rule } from "../rule.ts";

export const ignoredDockerfile: Rule = {
  id: "ignored-dockerfile",
  level: "warning",
  about: "A Dockerfile in build/ is not built, as its name does not end in .dockerfile.",
  *check({ tree }) {
    for (const service of tree.list("src").filter(({ kind }) => kind === "folder")) {
      const folder = `src/${service.name}/build`;
      for (const { name, kind } of tree.list(folder)) {
        if (
          kind !== "file" ||
          name.endsWith(".dockerfile") ||
          !/^dockerfile(?:\.|$)|\.dockerfile$/i.test(name)
        )
          continue;
        if (name.endsWith(".dockerignore")) continue;
        yield { file: `${folder}/${name}`, message: `${name} is not built; name it <image>.dockerfile` };
      }
    }
  },
};
