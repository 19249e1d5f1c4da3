import { shown } from "../finding.ts";
import type { Rule } from "../rule.ts";

const name = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;

export const imageName: Rule = {
  id: "image-name",
  level: "error",
  about:
    "A Dockerfile's name makes an image name that registries refuse: lower case letters, digits and single separators are legal.",
  *check({ services }) {
    for (const image of [...services.values()].flatMap(({ images }) => images)) {
      if (!name.test(image.name))
        yield { file: image.dockerfile, message: `"${shown(image.name)}" is no legal image name` };
    }
  },
};
