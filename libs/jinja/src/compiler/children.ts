import type { Arguments, Expression, Node } from "../parser/nodes.ts";

function present(...nodes: readonly (Expression | undefined)[]): Expression[] {
  return nodes.filter((node) => node !== undefined);
}

function argumentNodes({ args, kwargs, dynamicArgs, dynamicKwargs }: Arguments): Expression[] {
  return [...args, ...kwargs.map(({ value }) => value), ...present(dynamicArgs, dynamicKwargs)];
}

/** The nodes inside a node, in the order in which Jinja2 visits them. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "const":
    case "data":
    case "name":
    case "nsref":
    case "break":
    case "continue":
      return [];
    case "tuple":
    case "list":
    case "concat":
      return node.items;
    case "dict":
      return node.pairs.flatMap(({ key, value }) => [key, value]);
    case "condition":
      return present(node.test, node.yes, node.no);
    case "binary":
    case "and":
    case "or":
      return [node.left, node.right];
    case "not":
    case "neg":
    case "pos":
    case "getattr":
    case "safe":
    case "do":
      return [node.node];
    case "compare":
      return [node.first, ...node.operands.map(({ value }) => value)];
    case "getitem":
      return [node.node, node.key];
    case "slice":
      return present(node.start, node.stop, node.step);
    case "filter":
    case "test":
    case "call":
      return [...present(node.node), ...argumentNodes(node)];
    case "output":
      return node.nodes;
    case "if":
      return [node.test, ...node.body, ...node.elifs, ...node.otherwise];
    case "for":
      return [node.target, node.iterable, ...node.body, ...node.otherwise, ...present(node.test)];
    case "macro":
      return [...node.parameters, ...node.defaults, ...node.body];
    case "callblock":
      return [node.call, ...node.parameters, ...node.defaults, ...node.body];
    case "filterblock":
      return [...node.body, node.filter];
    case "with":
      return [...node.targets, ...node.values, ...node.body];
    case "block":
      return node.body;
    case "extends":
    case "include":
    case "import":
    case "fromimport":
      return [node.template];
    case "assign":
      return [node.target, node.value];
    case "assignblock":
      return [node.target, ...present(node.filter), ...node.body];
    case "autoescape":
      return [node.value, ...node.body];
  }
}

/** Every node under `nodes`, parents before what is inside them. */
export function descendants(nodes: readonly Node[]): readonly Node[] {
  const found: Node[] = [];
  const visit = (node: Node): void => {
    found.push(node);
    childrenOf(node).forEach(visit);
  };
  nodes.forEach(visit);
  return found;
}

/** Which of `names` the nodes read without having set them before; blocks are not looked into. */
export function findUndeclared(nodes: readonly Node[], names: readonly string[]): Set<string> {
  const wanted = new Set(names);
  const undeclared = new Set<string>();
  const visit = (node: Node): boolean => {
    if (node.kind === "name") {
      if (node.context === "load" && wanted.has(node.name)) {
        undeclared.add(node.name);
        if ([...wanted].every((name) => undeclared.has(name)) && undeclared.size === wanted.size) return true;
      } else wanted.delete(node.name);
    }
    return node.kind !== "block" && childrenOf(node).some(visit);
  };
  nodes.some(visit);
  return undeclared;
}
