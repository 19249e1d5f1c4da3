import { isModelList, isModelObject, type Service, type YamlDocument } from "@pai/model";
import type { CheckContext } from "./rule.ts";

/** A text of service.yaml with its place, before anything was left out as wrong. */
export interface PlacedText {
  readonly service: Service;
  readonly text: string;
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** The texts of a list in each service's service.yaml. */
export function* listedIn(context: CheckContext, key: string): Generator<PlacedText> {
  for (const [service, document] of serviceDocuments(context)) {
    const list = isModelObject(document.value) ? document.value.get(key) : undefined;
    if (!isModelList(list)) continue;
    for (const [index, item] of list.entries()) {
      if (typeof item === "string" || typeof item === "number") {
        yield { service, text: String(item), ...document.locate([key, index]) } as PlacedText;
      }
    }
  }
}

/** The texts of a key in each service's service.yaml. */
export function* keyedIn(context: CheckContext, key: string): Generator<PlacedText> {
  for (const [service, document] of serviceDocuments(context)) {
    const value = isModelObject(document.value) ? document.value.get(key) : undefined;
    if (typeof value === "string") yield { service, text: value, ...document.locate([key]) } as PlacedText;
  }
}

export function* serviceDocuments({ services, documents }: CheckContext): Generator<[Service, YamlDocument]> {
  for (const service of services.values()) {
    const document = documents.get(`${service.folder}/deploy/service.yaml`);
    if (document) yield [service, document];
  }
}

export const scriptKeys = ["start-script", "stop-script", "delete-script", "refresh-script"] as const;

export function leavesFolder(path: string): boolean {
  return path.startsWith("/") || path.split(/[/\\]/).includes("..") || path.includes("\0");
}
