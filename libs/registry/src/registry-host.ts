/** One name for a registry, however it is written: without scheme and path, Docker Hub as `docker.io`. */
export function registryName(written: string): string {
  const host = written.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  return ["index.docker.io", "registry-1.docker.io", "public"].includes(host) ? "docker.io" : host;
}

/** Plain http is spoken to this machine only. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}
