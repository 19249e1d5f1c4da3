import type { Objects } from "./objects.ts";

/** Asks for each list once, however many look at it: for one look at many services. */
export function shareLists(objects: Objects): Objects {
  const lists = new Map<string, ReturnType<Objects["list"]>>();
  return {
    ...objects,
    list: (query) => {
      const key = JSON.stringify(query);
      const list = lists.get(key) ?? objects.list(query);
      lists.set(key, list);
      return list;
    },
  };
}
