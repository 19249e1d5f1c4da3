import type { Objects } from "./objects.ts";

/** Asks for each list once, however many look at it: for one look at many services. */
export function shareLists(objects: Objects): Objects {
  return {
    ...objects,
    list: once((query) => objects.list(query)),
    listMetadata: once((query) => objects.listMetadata(query)),
  };
}

function once(list: Objects["list"]): Objects["list"] {
  const lists = new Map<string, ReturnType<Objects["list"]>>();
  return (query) => {
    const key = JSON.stringify(query);
    const asked = lists.get(key) ?? list(query);
    lists.set(key, asked);
    return asked;
  };
}
