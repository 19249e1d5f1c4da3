// A token service as registries have it.
import { execFile } from "node:child_process";
import { sign, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

export interface TokenIssuer {
  /** For the registry's configuration. */
  readonly auth: object;
  /** What tokens were asked for, such as `pai repository:a/b:pull`. */
  readonly asked: readonly string[];
  readonly stop: () => Promise<void>;
}

/** A token service as registries have it: Basic credentials in, a signed token for the scope out. */
export async function startTokenIssuer({
  username,
  password,
}: {
  username: string;
  password: string;
}): Promise<TokenIssuer> {
  const folder = await mkdtemp(path.join(tmpdir(), "pai-token-"));
  const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=pai-test", "-days", "2", "-keyout", key, "-out", certificate];
  await promisify(execFile)("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject]);
  const x5c = [new X509Certificate(await readFile(certificate)).raw.toString("base64")];
  const privateKey = await readFile(key);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? "", "http://issuer").searchParams;
    const [user = "", secret] = Buffer.from(request.headers.authorization?.slice(6) ?? "", "base64")
      .toString()
      .split(":");
    const scope = query.get("scope") ?? "";
    asked.push(`${user} ${scope}`.trim());
    if (user !== username || secret !== password) return void response.writeHead(401).end();
    const [, type, name, actions = ""] = /^(\w+):(.+):([\w,]+)$/.exec(scope) ?? [];
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: "pai-test",
      sub: user,
      aud: query.get("service"),
      nbf: now - 10,
      iat: now - 10,
      exp: now + 300,
      jti: String(asked.length),
      access: type === undefined ? [] : [{ type, name, actions: actions.split(",") }],
    };
    const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
    const signed = `${encode({ typ: "JWT", alg: "RS256", x5c })}.${encode(claims)}`;
    const token = `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return {
    auth: { token: { realm, service: "test", issuer: "pai-test", rootcertbundle: certificate } },
    asked,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
