// What a registry or the way to it did wrong, in the operator's words, with what helps.
import { PaiError } from "@pai/core";
import { readAll, type Answer } from "./connection.ts";
import type { Credentials } from "./credentials.ts";
import { isLoopback } from "./registry-host.ts";

/** REGISTRY_DENIED of the login itself: whatever else is asked of this registry ends the same way. */
export class LoginRefused extends PaiError {}

/** No credentials, or the registry does not know them. */
export function loginRefused(...about: Parameters<typeof denialOf>): LoginRefused {
  return new LoginRefused(...denialOf(...about));
}

/** The same words where another repository may get another answer. */
export function denied(...about: Parameters<typeof denialOf>): PaiError {
  return new PaiError(...denialOf(...about));
}

function denialOf(
  host: string,
  doing: string,
  credentials: Credentials | undefined,
): ConstructorParameters<typeof PaiError> {
  return [
    "REGISTRY_DENIED",
    `${doing}: ${host} ${credentials ? "refuses these credentials" : "wants credentials"}`,
    {
      hint: `give cluster.docker-registry username and password in services-configuration.yaml, or run: docker login ${host}`,
    },
  ];
}

/** The error of an answer that says no. */
export async function refusal(host: string, doing: string, answer: Answer): Promise<PaiError> {
  const cause = await reasonOf(answer);
  if (answer.status >= 500) return unreachable(host, doing, cause);
  if (answer.status !== 403 && answer.status !== 401)
    return new PaiError("PUSH_FAILED", `${doing}: ${host} refuses it`, { cause });
  return new PaiError("REGISTRY_DENIED", `${doing}: ${host} does not allow it to this user`, {
    cause,
    hint: "check the namespace, or ask for the right to write to it; to see what is allowed: pai-build login --check",
  });
}

/** There was no answer: the network, a proxy or a certificate. */
export function connectionFailure(host: string, doing: string, cause: unknown): PaiError {
  const alert = clientCertificateAlert(cause);
  if (alert !== undefined)
    return new LoginRefused("REGISTRY_DENIED", `${doing}: ${host} wants a client certificate that it knows`, {
      cause: new Error(`it ended the handshake: ${alert}`),
      hint: `put yours into /etc/docker/certs.d/${host}/client.cert and its key into client.key, where the engine looks as well`,
    });
  if (!isCertificateError(cause)) return unreachable(host, doing, cause);
  return new PaiError("REGISTRY_UNREACHABLE", `${doing}: the certificate of ${host} is not trusted`, {
    cause,
    hint: `name its authority in cluster.docker-registry.ca, or put it into /etc/docker/certs.d/${host}/ca.crt, where the engine looks as well`,
  });
}

function unreachable(host: string, doing: string, cause: unknown): PaiError {
  return new PaiError("REGISTRY_UNREACHABLE", `${doing}: registry ${host} does not answer as it should`, {
    cause,
    hint: isLoopback(host)
      ? "start the local one with: pai-local up"
      : "check cluster.docker-registry.domain in services-configuration.yaml and the network",
  });
}

/** OpenSSL's names of what is wrong with a chain, and Node's own for a wrong host. */
function isCertificateError(error: unknown): boolean {
  const { code = "" } = error as { readonly code?: string };
  return /^(UNABLE_TO_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/.test(
    code,
  );
}

/** The alert of a server that does not like the client's certificate, or misses it; OpenSSL's words. */
function clientCertificateAlert(error: unknown): string | undefined {
  const { code = "", reason = code } = error as { readonly code?: string; readonly reason?: string };
  return /^ERR_SSL_.*_ALERT_(?:.*CERTIFICATE|UNKNOWN_CA)/.test(code) ? reason : undefined;
}

async function reasonOf(answer: Answer): Promise<Error> {
  const text = await readAll(answer).catch(() => "");
  let said = "";
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: { code?: string; message?: string }[] };
    said = errors.map(({ code, message }) => [code, message].filter(Boolean).join(": ")).join("; ");
  } catch {
    said = text.slice(0, 200).trim();
  }
  return new Error([`HTTP ${answer.status}`, said].filter(Boolean).join(" "));
}
