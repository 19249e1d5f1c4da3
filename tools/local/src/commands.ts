import { constants } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";

// Debian keeps these out of a plain user's PATH, and a container's PATH may lack them.
const extraFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/go/bin"];

export async function whichCommand(name: string): Promise<string | undefined> {
  if (path.isAbsolute(name)) return (await isExecutable(name)) ? name : undefined;
  for (const folder of [...(process.env["PATH"] ?? "").split(":"), ...extraFolders]) {
    const file = path.join(folder, name);
    if (folder && (await isExecutable(file))) return file;
  }
  return undefined;
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
