import { createHash, X509Certificate } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { runCommand } from "./run-command.ts";

export interface CertificateRequest {
  readonly name: string;
  /** As OpenSSL writes it: `/O=system:masters/CN=admin`. */
  readonly subject: string;
  /** Names and addresses it is valid for, such as `IP:10.77.0.1`. */
  readonly alternatives?: readonly string[];
  readonly usage: readonly ("serverAuth" | "clientAuth")[];
}

const TEN_YEARS = "3650";
const YEAR_MS = 365 * 24 * 3600 * 1000;

export const certificateFile = (folder: string, name: string): string => path.join(folder, `${name}.crt`);
export const keyFile = (folder: string, name: string): string => path.join(folder, `${name}.key`);

/** Makes an authority and what it signs, except those that are there, as wanted, and good for a year. */
export async function ensureCertificates(
  folder: string,
  authority: string,
  requests: readonly CertificateRequest[],
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Without one of its own, OpenSSL adds the extensions of the machine's configuration file.
  const config = path.join(folder, "openssl.cnf");
  await writeFile(config, "[req]\ndistinguished_name = name\n[name]\n");
  await ensure({ folder, config, name: authority, spec: authority, args: authorityArgs(authority) });
  const issuer = createHash("sha256")
    .update(await readFile(certificateFile(folder, authority)))
    .digest("hex");
  for (const request of requests) {
    const spec = JSON.stringify({ request, issuer });
    await ensure({ folder, config, name: request.name, spec, args: signedArgs(folder, authority, request) });
  }
}

export async function ensureSigningKey(folder: string, name: string): Promise<void> {
  const file = keyFile(folder, name);
  if (await readFile(file).catch(() => undefined)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await runCommand(["openssl", "genrsa", "-out", file, "2048"]);
}

function authorityArgs(name: string): string[] {
  return [
    "-subj",
    `/CN=pai-local ${name}`,
    "-addext",
    "basicConstraints=critical,CA:TRUE",
    "-addext",
    "keyUsage=critical,keyCertSign,cRLSign",
    "-addext",
    "subjectKeyIdentifier=hash",
  ];
}

function signedArgs(
  folder: string,
  authority: string,
  { subject, alternatives = [], usage }: CertificateRequest,
): string[] {
  return [
    "-CA",
    certificateFile(folder, authority),
    "-CAkey",
    keyFile(folder, authority),
    "-subj",
    subject,
    "-addext",
    "basicConstraints=critical,CA:FALSE",
    "-addext",
    "keyUsage=critical,digitalSignature,keyEncipherment",
    "-addext",
    `extendedKeyUsage=${usage.join(",")}`,
    ...(alternatives.length > 0 ? ["-addext", `subjectAltName=${alternatives.join(",")}`] : []),
  ];
}

async function ensure(wanted: {
  folder: string;
  config: string;
  name: string;
  spec: string;
  args: readonly string[];
}): Promise<void> {
  const { folder, config, name, spec, args } = wanted;
  const specFile = path.join(folder, `${name}.spec`);
  const isSame = (await readFile(specFile, "utf8").catch(() => "")) === spec;
  if (isSame && (await isGoodForAYear(certificateFile(folder, name)))) return;
  await rm(specFile, { force: true });
  await runCommand([
    "openssl",
    "req",
    "-x509",
    "-new",
    "-config",
    config,
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-noenc",
    "-sha256",
    "-days",
    TEN_YEARS,
    "-keyout",
    keyFile(folder, name),
    "-out",
    certificateFile(folder, name),
    ...args,
  ]);
  await writeFile(specFile, spec);
}

async function isGoodForAYear(file: string): Promise<boolean> {
  const text = await readFile(file).catch(() => undefined);
  return text !== undefined && Date.parse(new X509Certificate(text).validTo) - Date.now() > YEAR_MS;
}
