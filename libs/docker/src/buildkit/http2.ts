import type Http2 from "node:http2";

/** With TLS behind it, it takes 40 ms to load: most runs find everything built. */
export const loadHttp2 = (): typeof Http2 => process.getBuiltinModule("node:http2");
