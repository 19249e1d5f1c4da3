// Which variable a name means, decided when a template is compiled, with Jinja2's rules: names are resolved in the
// context when the part of the template that reads them is entered; what a part sets is its own.
import { raise } from "../errors.ts";
import type {
  AutoescapeNode,
  BlockNode,
  CallBlockNode,
  FilterBlockNode,
  ForNode,
  MacroNode,
  AssignBlockNode,
  Node,
  Statement,
  WithNode,
} from "../parser/nodes.ts";
import { childrenOf } from "./children.ts";

/** The variables of one function: the template's root, a block, a macro, a recursive loop, a loop's filter. */
export class FunctionScope {
  readonly parent: FunctionScope | undefined;
  readonly #references = new Map<string, Reference>();

  constructor(parent?: FunctionScope) {
    this.parent = parent;
  }

  get size(): number {
    return this.#references.size;
  }

  /** One variable per name and nesting level: loops side by side share theirs, as they do in Jinja2. */
  reference(level: number, name: string): Reference {
    const key = `${level}:${name}`;
    let reference = this.#references.get(key);
    if (!reference)
      this.#references.set(key, (reference = { scope: this, slot: this.#references.size, name }));
    return reference;
  }

  /** How many functions lie between this one and the one that owns the variable. */
  hopsTo(owner: FunctionScope): number {
    return this === owner || !this.parent ? 0 : 1 + this.parent.hopsTo(owner);
  }
}

export interface Reference {
  readonly scope: FunctionScope;
  readonly slot: number;
  readonly name: string;
}

/** How a variable gets its value when its part of the template is entered. */
export type Load =
  | { readonly kind: "parameter" }
  | { readonly kind: "resolve"; readonly name: string }
  | { readonly kind: "alias"; readonly of: Reference }
  | { readonly kind: "missing" };

export class Symbols {
  readonly level: number;
  readonly parent: Symbols | undefined;
  readonly scope: FunctionScope;
  references = new Map<string, Reference>();
  loads = new Map<Reference, Load>();
  stores = new Set<string>();

  constructor(scope: FunctionScope, parent?: Symbols) {
    this.scope = scope;
    this.parent = parent;
    this.level = parent ? parent.level + 1 : 0;
  }

  copy(): Symbols {
    const copy = new Symbols(this.scope, this.parent);
    copy.references = new Map(this.references);
    copy.loads = new Map(this.loads);
    copy.stores = new Set(this.stores);
    return copy;
  }

  #define(name: string, load: Load): Reference {
    const reference = this.scope.reference(this.level, name);
    this.references.set(name, reference);
    this.loads.set(reference, load);
    return reference;
  }

  find(name: string): Reference | undefined {
    return this.references.get(name) ?? this.parent?.find(name);
  }

  reference(name: string): Reference {
    return (
      this.find(name) ??
      raise(
        "AssertionError",
        `Tried to resolve a name to a reference that was unknown to the frame ('${name}')`,
      )
    );
  }

  store(name: string): void {
    this.stores.add(name);
    if (this.references.has(name)) return;
    const outer = this.parent?.find(name);
    this.#define(name, outer ? { kind: "alias", of: outer } : { kind: "missing" });
  }

  declareParameter(name: string): Reference {
    this.stores.add(name);
    return this.#define(name, { kind: "parameter" });
  }

  load(name: string): void {
    if (!this.find(name)) this.#define(name, { kind: "resolve", name });
  }

  /** Joins what the branches of an if did: a name that not every branch sets may still be the outer one. */
  joinBranches(branches: readonly Symbols[]): void {
    const counts = new Map<string, number>();
    for (const branch of branches)
      for (const name of branch.stores)
        if (!this.stores.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const branch of branches) {
      for (const [name, reference] of branch.references) this.references.set(name, reference);
      for (const [reference, load] of branch.loads) this.loads.set(reference, load);
      for (const name of branch.stores) this.stores.add(name);
    }
    for (const [name, count] of counts) {
      if (count === branches.length) continue;
      const outer = this.parent?.find(name);
      this.loads.set(this.reference(name), outer ? { kind: "alias", of: outer } : { kind: "resolve", name });
    }
  }

  /** Every name set here or in a part around, with its variable. */
  allStores(): Map<string, Reference> {
    const names = new Set([...this.stores, ...(this.parent?.allStores().keys() ?? [])]);
    return new Map([...names].map((name): [string, Reference] => [name, this.reference(name)]));
  }

  analyzeAll(nodes: readonly Node[]): void {
    for (const node of nodes) this.#visit(node, false);
  }

  /** What is inside a statement that has a part of its own. */
  analyze(
    node:
      | BlockNode
      | MacroNode
      | FilterBlockNode
      | AutoescapeNode
      | CallBlockNode
      | WithNode
      | AssignBlockNode,
  ): void {
    switch (node.kind) {
      case "block":
      case "macro":
      case "filterblock":
      case "autoescape":
        this.analyzeAll(childrenOf(node));
        break;
      case "callblock":
        this.analyzeAll([...node.parameters, ...node.defaults, ...node.body]);
        break;
      case "with":
        this.analyzeAll([...node.targets, ...node.body]);
        break;
      case "assignblock":
        this.analyzeAll(node.body);
    }
  }

  analyzeLoop(node: ForNode, branch: "body" | "else" | "test"): void {
    if (branch !== "else") this.#visit(node.target, true);
    if (branch === "test") this.analyzeAll(node.test ? [node.test] : []);
    else this.analyzeAll(branch === "body" ? node.body : node.otherwise);
  }

  #visit(node: Node, asParameter: boolean): void {
    switch (node.kind) {
      case "name":
        if (asParameter || node.context === "param") this.declareParameter(node.name);
        else if (node.context === "store") this.store(node.name);
        else this.load(node.name);
        break;
      case "nsref":
        this.load(node.name);
        break;
      case "if":
        this.#visit(node.test, false);
        this.#branches([node.body, node.elifs, node.otherwise]);
        break;
      case "macro":
        this.store(node.name);
        break;
      case "import":
        this.#visit(node.template, false);
        this.store(node.target);
        break;
      case "fromimport":
        this.#visit(node.template, false);
        for (const { alias } of node.names) this.store(alias);
        break;
      case "assign":
        this.#visit(node.value, false);
        this.#visit(node.target, false);
        break;
      case "for":
        this.#visit(node.iterable, false);
        break;
      case "callblock":
        this.#visit(node.call, false);
        break;
      case "filterblock":
        this.#visit(node.filter, false);
        break;
      case "with":
        this.analyzeAll(node.values);
        break;
      case "assignblock":
        this.#visit(node.target, false);
        break;
      case "autoescape":
      case "block":
        break;
      case "and":
      case "binary":
      case "break":
      case "call":
      case "compare":
      case "concat":
      case "condition":
      case "const":
      case "continue":
      case "data":
      case "dict":
      case "do":
      case "extends":
      case "filter":
      case "getattr":
      case "getitem":
      case "include":
      case "list":
      case "neg":
      case "not":
      case "or":
      case "output":
      case "pos":
      case "safe":
      case "slice":
      case "test":
      case "tuple":
        for (const child of childrenOf(node)) this.#visit(child, asParameter);
    }
  }

  #branches(branches: readonly (readonly Statement[])[]): void {
    this.joinBranches(
      branches.map((branch) => {
        const symbols = this.copy();
        symbols.analyzeAll(branch);
        return symbols;
      }),
    );
  }
}
