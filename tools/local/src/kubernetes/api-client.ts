import { readFile } from "node:fs/promises";
import { call, type Answer } from "../http.ts";
import { API_SERVER_URL, type Settings } from "../settings.ts";
import { pkiFiles } from "./pki.ts";

/** A GET with the administrator's certificate; another status than 200 is an error. */
export async function getFromCluster(
  settings: Settings,
  target: string,
  signal: AbortSignal,
): Promise<Answer> {
  const admin = pkiFiles(settings, "admin");
  const [ca, cert, key] = await Promise.all(
    [pkiFiles(settings, "ca").certificate, admin.certificate, admin.key].map((file) =>
      readFile(file, "utf8"),
    ),
  );
  const tls = { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
  const answer = await call(`${API_SERVER_URL}${target}`, { tls, signal });
  if (answer.status !== 200)
    throw new Error(`${API_SERVER_URL}${target} answers ${answer.status}: ${answer.body.slice(0, 200)}`);
  return answer;
}

/** A health page of a program of the control plane or the node. */
export async function checkHealthPage(url: string, signal: AbortSignal, ca?: string): Promise<void> {
  const { status, body } = await call(url, { signal, ...(ca ? { tls: { ca } } : {}) });
  if (status !== 200) throw new Error(`${url} answers ${status}: ${body.slice(0, 200)}`);
}
