// Which certificates a registry's https is checked by: those of the machine, and those given for this registry
// in the configuration or where Docker looks for them.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type Tls from "node:tls";
import { PaiError } from "@pai/core";

export interface Trust {
  /** Something was given for this registry alone. */
  readonly hasOwn: boolean;
  /** For an https agent; costs a tenth of a second, as the machine's own are read. */
  readonly certificates: () => Pick<Tls.SecureContextOptions, "ca" | "cert" | "key">;
}

/** Of the engine and its client; `<host>/*.crt` are authorities, `*.cert` with `*.key` the client's own. */
const dockerFolder = "/etc/docker/certs.d";

export async function readTrust(host: string, ca: string | undefined): Promise<Trust> {
  const folder = path.join(dockerFolder, host);
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const read = (ending: string): Promise<string[]> =>
    Promise.all(
      names.filter((name) => name.endsWith(ending)).map((name) => readPem(path.join(folder, name))),
    );
  const authorities = [...(ca === undefined ? [] : [ca]), ...(await read(".crt"))];
  const [cert, key] = [await read(".cert"), await read(".key")];
  return {
    hasOwn: authorities.length > 0,
    certificates: () => ({
      ca: [...machineAuthorities(), ...authorities],
      ...(cert.length > 0 && key.length > 0 ? { cert, key } : {}),
    }),
  };
}

/** Node brings authorities of its own and leaves the machine's out, which is where companies put theirs. */
function machineAuthorities(): readonly string[] {
  const tls = process.getBuiltinModule("node:tls");
  return [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])];
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new PaiError("CONFIG_INVALID", `read the registry certificate ${file}`, { cause });
  }
}
