import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createHash } from "node:crypto";
import { findBox } from "../box.ts";
import type { Part } from "../parts.ts";
import { programPart } from "../programs.ts";
import { registryAddress } from "../registry.ts";
import type { Settings } from "../settings.ts";
import { NODE_BOX } from "./node-box.ts";

/** Of containerd's HTTPS proxy, inside the node. */
export const PROXY_PORT = 3128;

export function gatewayPart(settings: Settings): Part {
  const program = fileURLToPath(new URL("gateway.ts", import.meta.url));
  const [host = "", port = "443"] = registryAddress(settings).split(":");
  const isLoopback = host === "localhost" || host.startsWith("127.");
  return programPart(settings, {
    name: "gateway",
    title: "gateway of the node",
    needs: [NODE_BOX.name],
    graceMs: 0,
    launch: async () => {
      const init = await findBox(settings, NODE_BOX);
      const text = createHash("sha256")
        .update(await readFile(program))
        .digest("hex");
      const registryPort = isLoopback ? port : "0";
      return {
        command: process.execPath,
        args: [program, "serve", String(init?.pid), registryPort, String(PROXY_PORT)],
        // The same program from another checkout is the same gateway.
        identity: `${text} ${init?.pid} ${registryPort}`,
      };
    },
    check: async () => {
      const init = await findBox(settings, NODE_BOX);
      const sockets = await readFile(`/proc/${init?.pid}/net/tcp`, "utf8");
      const wanted = isLoopback ? [Number(port), PROXY_PORT] : [PROXY_PORT];
      for (const each of wanted)
        if (
          !sockets.includes(` 0100007F:${each.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 0A`)
        )
          throw new Error(`nothing listens at 127.0.0.1:${each} inside the node`);
    },
  });
}
