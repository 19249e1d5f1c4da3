/** `line` is the line Jinja2 reports for the node; `at` is where the caret of an error goes. */
interface At {
  readonly line: number;
  readonly at: number;
}

export interface Arguments {
  readonly args: readonly Expression[];
  readonly kwargs: readonly { readonly name: string; readonly value: Expression }[];
  readonly dynamicArgs: Expression | undefined;
  readonly dynamicKwargs: Expression | undefined;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type CompareOperator = "eq" | "ne" | "lt" | "lteq" | "gt" | "gteq" | "in" | "notin";

export type NameNode = At & {
  readonly kind: "name";
  readonly name: string;
  context: "load" | "store" | "param";
};
export type CallNode = At & Arguments & { readonly kind: "call"; readonly node: Expression };
/** Without `node` it filters the text of a block. */
export type FilterNode = At &
  Arguments & { readonly kind: "filter"; readonly node: Expression | undefined; readonly name: string };
export type TestNode = At &
  Arguments & { readonly kind: "test"; readonly node: Expression; readonly name: string };
export type SliceNode = At & {
  readonly kind: "slice";
  readonly start: Expression | undefined;
  readonly stop: Expression | undefined;
  readonly step: Expression | undefined;
};
type NamespaceNode = At & {
  readonly kind: "nsref";
  readonly name: string;
  readonly attribute: string;
};
export type TupleNode = At & { readonly kind: "tuple"; readonly items: readonly Expression[] };

export type Expression =
  | (At & { readonly kind: "const"; readonly value: unknown })
  | (At & { readonly kind: "data"; readonly text: string })
  | NameNode
  | NamespaceNode
  | TupleNode
  | (At & { readonly kind: "list"; readonly items: readonly Expression[] })
  | (At & {
      readonly kind: "dict";
      readonly pairs: readonly { readonly key: Expression; readonly value: Expression }[];
    })
  | (At & {
      readonly kind: "condition";
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression | undefined;
    })
  | (At & {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (At & { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression })
  | (At & { readonly kind: "not" | "neg" | "pos"; readonly node: Expression })
  /** Safe text where autoescaping is on. */
  | (At & { readonly kind: "safe"; readonly node: Expression })
  | (At & { readonly kind: "concat"; readonly items: readonly Expression[] })
  | (At & {
      readonly kind: "compare";
      readonly first: Expression;
      readonly operands: readonly { readonly operator: CompareOperator; readonly value: Expression }[];
    })
  | (At & { readonly kind: "getattr"; readonly node: Expression; readonly name: string })
  | (At & { readonly kind: "getitem"; readonly node: Expression; readonly key: Expression })
  | SliceNode
  | FilterNode
  | TestNode
  | CallNode;

export type Target = NameNode | NamespaceNode | TupleNode;

interface Parameters {
  readonly parameters: readonly NameNode[];
  /** The defaults of the last parameters. */
  readonly defaults: readonly Expression[];
}

export type OutputNode = At & { readonly kind: "output"; readonly nodes: readonly Expression[] };
export type IfNode = At & {
  readonly kind: "if";
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly elifs: readonly IfNode[];
  readonly otherwise: readonly Statement[];
};
export type ForNode = At & {
  readonly kind: "for";
  readonly target: Target;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
  readonly test: Expression | undefined;
  readonly recursive: boolean;
};
export type MacroNode = At &
  Parameters & { readonly kind: "macro"; readonly name: string; readonly body: readonly Statement[] };
export type CallBlockNode = At &
  Parameters & { readonly kind: "callblock"; readonly call: CallNode; readonly body: readonly Statement[] };
export type FilterBlockNode = At & {
  readonly kind: "filterblock";
  readonly filter: FilterNode;
  readonly body: readonly Statement[];
};
export type WithNode = At & {
  readonly kind: "with";
  readonly targets: readonly Target[];
  readonly values: readonly Expression[];
  readonly body: readonly Statement[];
};
export type BlockNode = At & {
  readonly kind: "block";
  readonly name: string;
  readonly scoped: boolean;
  readonly required: boolean;
  readonly body: readonly Statement[];
};
export type ExtendsNode = At & { readonly kind: "extends"; readonly template: Expression };
export type IncludeNode = At & {
  readonly kind: "include";
  readonly template: Expression;
  readonly ignoreMissing: boolean;
  readonly withContext: boolean;
};
export type ImportNode = At & {
  readonly kind: "import";
  readonly template: Expression;
  readonly target: string;
  readonly withContext: boolean;
};
export type FromImportNode = At & {
  readonly kind: "fromimport";
  readonly template: Expression;
  readonly names: readonly { readonly name: string; readonly alias: string }[];
  readonly withContext: boolean;
};
export type AssignNode = At & {
  readonly kind: "assign";
  readonly target: Target;
  readonly value: Expression;
};
export type AssignBlockNode = At & {
  readonly kind: "assignblock";
  readonly target: Target;
  readonly filter: FilterNode | undefined;
  readonly body: readonly Statement[];
};
export type AutoescapeNode = At & {
  readonly kind: "autoescape";
  readonly value: Expression;
  readonly body: readonly Statement[];
};

export type Statement =
  | OutputNode
  | IfNode
  | ForNode
  | MacroNode
  | CallBlockNode
  | FilterBlockNode
  | WithNode
  | BlockNode
  | ExtendsNode
  | IncludeNode
  | ImportNode
  | FromImportNode
  | AssignNode
  | AssignBlockNode
  | AutoescapeNode
  | (At & { readonly kind: "do"; readonly node: Expression })
  | (At & { readonly kind: "break" | "continue" });

export type Node = Expression | Statement;
