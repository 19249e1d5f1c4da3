// Which certificates a registry's https is checked by: those of the machine, and those given for this registry
// in the configuration or where Docker looks for them.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type Tls from "node:tls";
import { PaiError } from "@pai/core";

export interface Trust {
  /** Something was given for this registry alone. */
  readonly hasOwn: boolean;
  /** For all https with it; costs a tenth of a second, as the machine's own are read. */
  readonly openContext: () => Tls.SecureContext;
}

/** Of the engine and its client; `<host>/*.crt` are authorities, `*.cert` with its `*.key` the client's own. */
const dockerFolder = "/etc/docker/certs.d";

export async function readTrust(host: string, ca: string | undefined): Promise<Trust> {
  const folder = path.join(dockerFolder, host);
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const filesOf = (ending: string): string[] =>
    names.filter((name) => name.endsWith(ending)).map((name) => path.join(folder, name));
  const authorities = [
    ...(ca === undefined ? [] : [ca]),
    ...(await Promise.all(filesOf(".crt").map(readPem))),
  ];
  const pairs = await Promise.all(filesOf(".cert").map(readPair));
  return {
    hasOwn: authorities.length + pairs.length > 0,
    openContext: () =>
      process.getBuiltinModule("node:tls").createSecureContext({
        ca: [...machineAuthorities(), ...authorities],
        ...(pairs.length > 0
          ? { cert: pairs.map(({ cert }) => cert), key: pairs.map(({ key }) => key) }
          : {}),
      }),
  };
}

async function readPair(file: string): Promise<{ readonly cert: string; readonly key: string }> {
  try {
    const keyFile = file.replace(/cert$/, "key");
    const [cert, key] = await Promise.all([readFile(file, "utf8"), readFile(keyFile, "utf8")]);
    process.getBuiltinModule("node:tls").createSecureContext({ cert, key });
    return { cert, key };
  } catch (cause) {
    throw new PaiError("CONFIG_INVALID", `use the client certificate ${file} and the .key beside it`, {
      cause,
    });
  }
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
