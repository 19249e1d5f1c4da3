import type { Service } from "@pai/model";

/** Templates that are rendered, relative to the tree root. */
export function templatesOf({ folder, deploy }: Service): string[] {
  return (deploy?.templates ?? []).map(({ name }) => `${folder}/deploy/${name}.template`);
}

/** Scripts that commands may run, whether they exist or not; those made from templates are not among them. */
export function scriptsOf({ folder, deploy }: Service): string[] {
  const rendered = new Set((deploy?.templates ?? []).map(({ name }) => name));
  const { upgraded: _, ...scripts } = deploy?.scripts ?? {};
  const deployScripts = Object.values(scripts)
    .filter(({ name }) => !rendered.has(name))
    .map(({ name }) => `${folder}/deploy/${name}`);
  return [...new Set([...deployScripts, `${folder}/build/build-pre.sh`, `${folder}/build/build-post.sh`])];
}
