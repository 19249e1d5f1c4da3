import type { ActionInput, ConfigurationOption } from "./run-action.ts";

export interface ImageOptions extends ConfigurationOption {
  readonly network?: string;
  /** One image of the service, in place of all. */
  readonly image?: string;
  /** False: nothing is built or pushed, as the deployment that comes after wants what the registry has. */
  readonly images?: boolean;
}

export function imageInput(
  { image }: ImageOptions,
  input: ActionInput,
): ActionInput & { readonly images?: readonly string[] } {
  return { ...input, ...(image === undefined ? {} : { images: [image] }) };
}
