export { connectRegistry, type Registry, type StoredImage } from "./client.ts";
export { copyImage } from "./copy-image.ts";
export type { Credentials, FindCredentials } from "./credentials.ts";
export { LoginRefused } from "./failures.ts";
export type { ImageConfig } from "./manifest.ts";
export { openRegistries, type ConfiguredRegistry, type Registries } from "./registries.ts";
