import type { NamedLine, Service } from "@pai/model";

interface Sketch {
  readonly needs?: readonly string[];
  /** Image name to what its Dockerfile is FROM. */
  readonly images?: Readonly<Record<string, readonly string[]>>;
  readonly components?: readonly string[];
  readonly deploy?: boolean;
}

/** Services by name; entries of lists stand on line 1, 2, 3 … of their file. For tests only. */
export function sketch(services: Readonly<Record<string, Sketch>>): ReadonlyMap<string, Service> {
  return new Map(Object.entries(services).map(([name, each]) => [name, service(name, each)]));
}

function service(name: string, { needs = [], images = {}, components = [], deploy = true }: Sketch): Service {
  return {
    name,
    folder: `src/${name}`,
    images: Object.entries(images).map(([image, bases]) => ({
      name: image,
      dockerfile: `src/${name}/build/${image}.dockerfile`,
      bases: bases.map((reference, index) => ({ reference, line: index + 1 })),
      contextPaths: ["build"],
      names: { args: [], stages: [], secrets: [] },
    })),
    components: lines(components),
    ...(deploy
      ? {
          deploy: {
            file: `src/${name}/deploy/service.yaml`,
            prerequisites: lines(needs),
            templates: [],
            scripts: {},
            deployRules: [],
          },
        }
      : {}),
    problems: [],
  };
}

function lines(names: readonly string[]): NamedLine[] {
  return names.map((name, index) => ({ name, line: index + 1 }));
}
