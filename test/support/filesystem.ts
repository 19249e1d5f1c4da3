import { spawn } from "node:child_process";
import { request } from "node:http";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { engine } from "./docker.ts";

/** Every file of an image with type, mode, owner and content, but not its time. */
export async function listFiles(image: string): Promise<string[]> {
  const created = await engine("POST", "/containers/create", { Image: image, Cmd: ["x"] });
  const { Id: container = "" } = created as { Id?: string };
  if (container === "") throw new Error(`container of ${image}: ${JSON.stringify(created)}`);
  try {
    const lister = spawn("python3", [path.join(import.meta.dirname, "list-tar.py")]);
    let output = "";
    lister.stdout.on("data", (chunk: Buffer) => (output += String(chunk)));
    const ended = new Promise<number | null>((resolve) => lister.on("close", resolve));
    const archive = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      const url = `/containers/${container}/export`;
      request({ socketPath: "/var/run/docker.sock", path: url }, resolve).on("error", reject).end();
    });
    await pipeline(archive, lister.stdin).catch((cause: unknown) => {
      throw new Error(`export ${image} from the engine`, { cause });
    });
    if ((await ended) !== 0) throw new Error(`list the files of ${image}`);
    return output.trimEnd().split("\n");
  } finally {
    await engine("DELETE", `/containers/${container}?force=true`);
  }
}
