import { PaiError } from "@pai/core";
import {
  engineOptions,
  engineOptionsOf,
  imageOptions,
  imageOptionsOf,
  serviceOption,
  treeOf,
  treeOptions,
} from "./options.ts";

/** Options of commands that only look: what an image is depends on how it is built. */
export const lookOptions = {
  ...treeOptions,
  ...serviceOption,
  image: {
    alias: "i",
    type: "string",
    array: true,
    describe: "single images, in place of all those of the services",
  },
  ...imageOptions,
  ...engineOptions,
} as const;

type LookOptions = Parameters<typeof treeOf>[0] &
  Parameters<typeof imageOptionsOf>[0] &
  Parameters<typeof engineOptionsOf>[0] & {
    readonly service: string[] | undefined;
    readonly image: string[] | undefined;
  };

export function lookOf(options: LookOptions) {
  const { service: services, image: images } = options;
  if (services && images) throw new PaiError("USAGE", "-s and -i cannot be given together");
  return {
    ...treeOf(options),
    ...imageOptionsOf(options),
    ...engineOptionsOf(options),
    services,
    images,
  };
}
