import { request as requestHttp, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import type { Readable } from "node:stream";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readable | string;
  /** A Unix socket instead of the URL's host. */
  readonly socketPath?: string;
  readonly tls?: {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
  };
  readonly signal: AbortSignal;
}

export function call(url: string, options: Call): Promise<Answer> {
  const { body, tls, ...rest } = options;
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const settings: RequestOptions = { ...rest, ...tls };
    const sent = request(url, settings, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on("error", reject);
    if (body === undefined || typeof body === "string") {
      sent.end(body);
      return;
    }
    body.on("error", (error) => sent.destroy(error));
    body.pipe(sent);
  });
}
