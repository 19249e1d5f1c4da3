import type { Rule } from "../rule.ts";

export const duplicateImage: Rule = {
  id: "duplicate-image",
  level: "error",
  about: "Two Dockerfiles make an image of the same name; one would replace the other.",
  *check({ services }) {
    const first = new Map<string, string>();
    for (const { name, dockerfile } of [...services.values()].flatMap(({ images }) => images)) {
      const other = first.get(name);
      if (other === undefined) first.set(name, dockerfile);
      else yield { file: dockerfile, message: `the image "${name}" is also made by ${other}` };
    }
  },
};
