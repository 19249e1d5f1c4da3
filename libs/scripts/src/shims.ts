import path from "node:path";

/** Goes first on a service script's PATH; its kubectl needs PAI_KUBECTL, the path of the real one. */
export const shimFolder = path.join(import.meta.dirname, "..", "shims");
