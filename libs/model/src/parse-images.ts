import { PaiError } from "@pai/core";
import { imageNameOf } from "./image-name.ts";
import { argsFor, checkBuild, imageBuildOf } from "./image-build.ts";
import type { ServiceBuild } from "./parse-build.ts";
import { parseDockerfile } from "./parse-dockerfile.ts";
import type { ImageSource } from "./service.ts";

export interface ImageFiles {
  /** `src/<name>` */
  readonly folder: string;
  /** File name in `build/` to text. */
  readonly dockerfiles: ReadonlyMap<string, string>;
  readonly build: ServiceBuild | undefined;
  /** Values for ARGs from the command line; they go before those of service.yaml. */
  readonly args: Readonly<Record<string, string>>;
  readonly problems: PaiError[];
}

export function parseImages(files: ImageFiles): ImageSource[] {
  const images = [...files.dockerfiles].map(([file, text]) => parseImage(files, file, text));
  if (files.build) checkBuild(files.build, new Map(images.map(({ name, names }) => [name, names])));
  return images;
}

function parseImage({ folder, build, args, problems }: ImageFiles, file: string, text: string): ImageSource {
  const dockerfile = `${folder}/build/${file}`;
  const name = imageNameOf(file);
  const { bases, contextPaths, names, problems: found } = parseDockerfile(text, argsFor(name, build, args));
  for (const { line, message } of found) {
    problems.push(new PaiError("DOCKERFILE_INVALID", message, { location: { file: dockerfile, line } }));
  }
  const own = imageBuildOf(name, names, build, args);
  return { name, dockerfile, bases, contextPaths, names, ...(own ? { build: own } : {}) };
}
