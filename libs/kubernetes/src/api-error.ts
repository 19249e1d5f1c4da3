import { PaiError, type ErrorCode } from "@pai/core";

/** The API server's `Status` object, as far as it is of use. */
export interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly kind?: string;
    readonly name?: string;
    readonly causes?: readonly {
      readonly field?: string;
      readonly message?: string;
      readonly reason?: string;
    }[];
  };
}

/** What an answer other than 2xx means. `doing` says what was asked for, such as `apply ConfigMap a/b`. */
export function answerError(code: number, body: string, doing: string): PaiError {
  const status = parseStatus(body);
  const text = status.message ?? body.trim().slice(0, 300);
  const details = (status.details?.causes ?? [])
    .map(({ field, message }) => [field, message].filter(Boolean).join(": "))
    .filter((line) => !text.includes(line));
  return new PaiError(codeOf(code), `${doing}: ${reasonOf(code, text)}`, { details });
}

export function parseStatus(body: string): Status {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // Some answers are plain text, such as `404 page not found` and those of the overload protection.
    return {};
  }
}

function codeOf(code: number): ErrorCode {
  if (code === 401 || code === 403) return "CLUSTER_DENIED";
  return code === 429 || code >= 502 ? "CLUSTER_UNREACHABLE" : "APPLY_REJECTED";
}

function reasonOf(code: number, text: string): string {
  if (code === 401) return "the cluster does not accept these credentials (401)";
  return text === "" ? `the API server answered ${code}` : text;
}

/** A 500 of a passing trouble; any other 500 is the server's way of refusing a malformed object. */
export function isPassing500(body: string): boolean {
  return /leader changed|etcdserver|failed calling webhook/.test(body);
}

/** No answer at all. */
export function connectionError(cause: unknown, server: string, doing: string): PaiError {
  return new PaiError("CLUSTER_UNREACHABLE", `${doing}: no answer from the API server ${server}`, {
    cause: explain(codesOf(cause)) ?? cause,
    hint: "is the cluster up? pai-local status",
  });
}

/** Error codes along the chain of causes. */
export function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (at instanceof AggregateError) codes.push(...at.errors.flatMap(codesOf));
    if ("code" in at && typeof at.code === "string") codes.push(at.code);
  }
  return codes;
}

const explanations: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, "connection refused"],
  [/ENOTFOUND|EAI_AGAIN/, "the host name cannot be resolved"],
  [/EHOSTUNREACH|ENETUNREACH/, "no route to the host"],
  [/TIMEOUT|ETIMEDOUT/, "timed out"],
  [/ECONNRESET|UND_ERR_SOCKET|EPIPE/, "the connection was closed"],
  [
    /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/,
    "its certificate is not signed by the CA of the kubeconfig",
  ],
  [/ERR_TLS_CERT_ALTNAME/, "its certificate is for another host name"],
  [/CERT_HAS_EXPIRED/, "its certificate has expired"],
];

/** The client's own texts name the address again and the system call; operators know these words. */
function explain(codes: readonly string[]): Error | undefined {
  for (const [pattern, text] of explanations) {
    const code = codes.find((each) => pattern.test(each));
    if (code !== undefined) return new Error(`${text} (${code})`);
  }
  return undefined;
}
