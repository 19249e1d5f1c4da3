import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { certificateFile, ensureCertificates, keyFile, type CertificateRequest } from "./certificates.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pki-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const server: CertificateRequest = {
  name: "server",
  subject: "/O=some group/CN=server",
  usage: ["serverAuth"],
  alternatives: ["IP:10.77.0.1", "DNS:pai-local"],
};
const read = async (name: string): Promise<X509Certificate> =>
  new X509Certificate(await readFile(certificateFile(folder, name)));

test("signs what is asked for, keeps it, and signs anew only what is asked for differently", async () => {
  const client: CertificateRequest = { name: "client", subject: "/CN=client", usage: ["clientAuth"] };
  await ensureCertificates(folder, "ca", [server, client]);
  const [authority, first, other] = [await read("ca"), await read("server"), await read("client")];
  expect(authority.ca).toBe(true);
  expect(first.ca).toBe(false);
  expect(first.verify(authority.publicKey)).toBe(true);
  expect(first.subject).toBe("O=some group\nCN=server");
  expect(first.checkIP("10.77.0.1")).toBe("10.77.0.1");
  expect(Date.parse(first.validTo) - Date.now()).toBeGreaterThan(9.9 * 365 * 24 * 3600 * 1000);
  expect((await stat(keyFile(folder, "server"))).mode & 0o777).toBe(0o600);

  await ensureCertificates(folder, "ca", [server, client]);
  expect((await read("server")).serialNumber).toBe(first.serialNumber);

  await ensureCertificates(folder, "ca", [{ ...server, alternatives: ["IP:10.77.0.9"] }, client]);
  expect((await read("server")).checkIP("10.77.0.9")).toBe("10.77.0.9");
  expect((await read("client")).serialNumber).toBe(other.serialNumber);
  expect((await read("ca")).serialNumber).toBe(authority.serialNumber);
});
