import type { Location } from "@pai/core";
import type { YamlDocument } from "./yaml.ts";

/** What is legal, and yet hardly meant. */
export interface ConfigWarning {
  readonly message: string;
  readonly location: Location;
}

/** OpenPAI reads YAML as PyYAML does: of a key that comes twice, the last one counts. */
export function duplicateWarnings({ file, duplicateKeys }: YamlDocument): ConfigWarning[] {
  return duplicateKeys().map(({ key, line, column, firstLine }) => ({
    message: `"${key}" stands here for the second time; line ${firstLine} has no effect`,
    location: { file, line, column },
  }));
}
