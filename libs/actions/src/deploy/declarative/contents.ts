import { PaiError, type Location } from "@pai/core";
import type { ConfigSource } from "@pai/model";
import type { DeployFile } from "../folder.ts";

/** Contents by key; the later entry wins. Throws CONFIG_INVALID for what kubectl would leave out unasked. */
export function contentsOf(
  { name, from, literal }: ConfigSource,
  files: readonly DeployFile[],
  location: Location,
): ReadonlyMap<string, Buffer> {
  const contents = new Map<string, Buffer>();
  for (const entry of from) {
    const at = entry.indexOf("=");
    const key = at < 0 ? undefined : entry.slice(0, at);
    const source = entry.slice(at + 1);
    const file = files.find((each) => each.name === source);
    if (file) contents.set(key ?? baseName(source), contentOf(file, name, location));
    else
      for (const each of filesIn(source, files, name, location))
        contents.set(baseName(each.name), each.content);
  }
  for (const [key, text] of Object.entries(literal)) contents.set(key, Buffer.from(text));
  return contents;
}

/** Templates that are rendered are there as what they become. */
function filesIn(
  folder: string,
  files: readonly DeployFile[],
  name: string,
  location: Location,
): readonly DeployFile[] {
  const prefix = folder === "." ? "" : `${folder}/`;
  const templates = new Set(files.flatMap(({ template }) => template ?? []));
  const below = files.filter(
    (file) => file.name.startsWith(prefix) && ![...templates].some((each) => each.endsWith(`/${file.name}`)),
  );
  const deeper = below.find((file) => file.name.slice(prefix.length).includes("/"));
  if (deeper) {
    throw new PaiError(
      "CONFIG_INVALID",
      `${name}: the folder ${folder} has folders in it, such as for ${deeper.name}`,
      {
        location,
        hint: "a key has no folder: name each folder that is meant",
      },
    );
  }
  if (below.length === 0)
    throw new PaiError("CONFIG_INVALID", `${name}: the folder ${folder} is empty`, { location });
  for (const file of below) contentOf(file, name, location);
  return below;
}

function contentOf({ name: file, content, link }: DeployFile, name: string, location: Location): Buffer {
  if (link === undefined) return content;
  throw new PaiError("CONFIG_INVALID", `${name}: ${file} is a link, which says nothing on another machine`, {
    location,
    hint: "put a copy of what it leads to in its place",
  });
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
