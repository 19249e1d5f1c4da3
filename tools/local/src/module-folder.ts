import { fileURLToPath } from "node:url";

/** The Go module that names the version of Kubernetes and builds all its programs as one. */
export const moduleFolder = fileURLToPath(new URL("../kubernetes", import.meta.url));
