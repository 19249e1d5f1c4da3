// A token service as registries have it: a login in, a signed token for the scope out.
import { execFile } from "node:child_process";
import { sign, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

export interface TokenIssuer {
  /** For the registry's configuration. */
  readonly auth: object;
  /**
   * What tokens were asked for and by whom, such as `pai repository:a/b:pull`; identity tokens are `refresh`. Actions
   * are sorted: a registry names them in any order (one challenge in eight says `push,pull`).
   */
  readonly asked: readonly string[];
  readonly stop: () => Promise<void>;
}

type Login =
  | { readonly username: string; readonly password: string }
  /** Taken in place of a password, by OAuth2 and in no other way. */
  | { readonly identityToken: string };

export async function startTokenIssuer(login: Login): Promise<TokenIssuer> {
  const folder = await mkdtemp(path.join(tmpdir(), "pai-token-"));
  const { certificate, signClaims } = await makeSigner(folder);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void readQuestion(request).then(({ user, isKnownTo, service, scopes }) => {
      asked.push(`${user} ${scopes.map(sortActions).join(" ")}`.trim());
      if (!isKnownTo(login)) return response.writeHead(401).end('{"error":"invalid_grant"}');
      const token = signClaims({ sub: user, aud: service, jti: String(asked.length), access: grant(scopes) });
      const answer = "identityToken" in login ? { access_token: token, expires_in: 300 } : { token };
      return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
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

interface Question {
  readonly user: string;
  readonly isKnownTo: (login: Login) => boolean;
  readonly service: string | null;
  readonly scopes: readonly string[];
}

/** GET with Basic credentials, or a form with a refresh token. */
async function readQuestion(request: IncomingMessage): Promise<Question> {
  if (request.method === "POST") {
    const form = new URLSearchParams(await text(request));
    const token = form.get("grant_type") === "refresh_token" ? form.get("refresh_token") : null;
    return {
      user: "refresh",
      isKnownTo: (login) => "identityToken" in login && token === login.identityToken,
      service: form.get("service"),
      scopes: (form.get("scope") ?? "").split(" "),
    };
  }
  const query = new URL(request.url ?? "", "http://issuer").searchParams;
  const [user = "", password] = Buffer.from(request.headers.authorization?.slice(6) ?? "", "base64")
    .toString()
    .split(":");
  return {
    user,
    isKnownTo: (login) => "username" in login && user === login.username && password === login.password,
    service: query.get("service"),
    scopes: query.getAll("scope"),
  };
}

function sortActions(scope: string): string {
  return scope.replace(/[\w,]+$/, (actions) => actions.split(",").sort().join(","));
}

function grant(scopes: readonly string[]): object[] {
  return scopes.flatMap((scope) => {
    const [, type, name, actions = ""] = /^(\w+):(.+):([\w,]+)$/.exec(scope) ?? [];
    return type === undefined ? [] : [{ type, name, actions: actions.split(",") }];
  });
}

async function makeSigner(
  folder: string,
): Promise<{ certificate: string; signClaims: (claims: object) => string }> {
  const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=pai-test", "-days", "2", "-keyout", key, "-out", certificate];
  await promisify(execFile)("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject]);
  const x5c = [new X509Certificate(await readFile(certificate)).raw.toString("base64")];
  const privateKey = await readFile(key);
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signClaims = (claims: object): string => {
    const now = Math.floor(Date.now() / 1000);
    const dated = { iss: "pai-test", nbf: now - 10, iat: now - 10, exp: now + 300, ...claims };
    const signed = `${encode({ typ: "JWT", alg: "RS256", x5c })}.${encode(dated)}`;
    return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
  };
  return { certificate, signClaims };
}
