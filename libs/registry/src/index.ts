export { connectRegistry, type Registry, type StoredImage } from "./client.ts";
export { createCredentials, type Credentials, type FindCredentials } from "./credentials.ts";
export type { ImageConfig } from "./manifest.ts";
