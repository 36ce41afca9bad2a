/**
 * The syntax tree of an Itanium C++ ABI mangled name. Nodes are shared, since substitutions insert
 * the same node repeatedly, so they are immutable. The only exception is `TemplateParam.template`,
 * which is set after the template arguments of a conversion operator have been read.
 */
export type Node = TypeNode | NameNode | ExprNode | SpecialNode;

/** Literal text: identifiers, `std`, `string literal`. */
export interface Text {
  readonly kind: "text";
  readonly text: string;
}

export interface Builtin {
  readonly kind: "builtin";
  readonly text: string;
}

/** `scope::name`. In a `local` name the scope is the enclosing function. */
export interface Qualified {
  readonly kind: "qualified";
  readonly scope: Node;
  readonly name: Node;
  readonly local: boolean;
}

export interface Template {
  readonly kind: "template";
  readonly name: Node;
  readonly args: readonly Node[];
}

/** A use of a template parameter; `template` has its arguments. */
export interface TemplateParam {
  readonly kind: "templateParam";
  readonly index: number;
  template: Template | undefined;
}

/** A use of a template parameter inside the signature of a lambda. */
export interface LambdaParam {
  readonly kind: "lambdaParam";
  readonly index: number;
  /** `$T` if the lambda declares its template parameters, else undefined, for an `auto`. */
  readonly declared: string | undefined;
}

/** The arguments of a parameter pack. */
export interface Pack {
  readonly kind: "pack";
  readonly args: readonly Node[];
}

/** A template argument together with the declaration of its parameter. */
export interface DeclaredArg {
  readonly kind: "declaredArg";
  readonly arg: Node;
}

export interface PackExpansion {
  readonly kind: "packExpansion";
  readonly base: Node;
  readonly expanded: ExpandedPack | undefined;
}

/** The pack of a pack expansion, if its arguments are known. */
export interface ExpandedPack {
  readonly pack: Pack;
  /** The first use of the pack in the pattern; undefined if the pattern contains the arguments. */
  readonly param: TemplateParam | undefined;
}

/** A function with its type: an <encoding>. */
export interface Typed {
  readonly kind: "typed";
  readonly name: Node;
  readonly type: FunctionType;
}

/** A member function's name with the qualifiers of `this`, a part of the ABI's <nested-name>. */
export interface MethodName {
  readonly kind: "methodName";
  readonly name: Node;
  readonly quals: MethodQuals;
  /** Whether the object is an ordinary parameter, declared with `this` (C++23). */
  readonly explicitThis: boolean;
}

export interface MethodQuals {
  /** In print order. */
  readonly cv: readonly string[];
  readonly ref: "" | "&" | "&&";
}

export interface FunctionType {
  readonly kind: "function";
  readonly ret: Node | undefined;
  readonly params: readonly Node[];
  /** `noexcept`, `throw(...)`, `transaction_safe`. */
  readonly specs: readonly FunctionSpec[];
  readonly quals: MethodQuals;
  /** Whether the first parameter is declared with `this`. */
  readonly explicitThis: boolean;
}

export interface FunctionSpec {
  readonly text: string;
  /** The operands in parentheses, or undefined without parentheses. */
  readonly args: readonly Node[] | undefined;
}

/** A type followed by `*`, `&`, `&&` or words. */
export interface Suffixed {
  readonly kind: "suffixed";
  readonly base: Node;
  readonly suffix: "*" | "&" | "&&" | " _Complex" | " _Imaginary" | " _Accum";
}

export interface CvQualified {
  readonly kind: "cv";
  readonly base: Node;
  readonly quals: readonly string[];
}

/** A vendor qualifier, `U <source-name> [<template-args>]`. */
export interface VendorQualified {
  readonly kind: "vendorQualified";
  readonly base: Node;
  readonly qual: Node;
}

export interface ArrayType {
  readonly kind: "array";
  readonly dimension: Node | undefined;
  readonly element: Node;
}

export interface VectorType {
  readonly kind: "vector";
  readonly dimension: Node;
  readonly base: Node;
}

export interface PointerToMember {
  readonly kind: "memberPointer";
  readonly owner: Node;
  readonly member: Node;
}

export interface Decltype {
  readonly kind: "decltype";
  readonly expr: Node;
}

/** `struct X`, `union X`, `enum X`. */
export interface Elaborated {
  readonly kind: "elaborated";
  readonly keyword: string;
  readonly type: Node;
}

/** `_BitInt(n)` and vendor types with arguments, `__alignof__(x)`. */
export interface Applied {
  readonly kind: "applied";
  readonly name: string;
  readonly args: readonly Node[];
}

export type TypeNode =
  | Builtin
  | FunctionType
  | Suffixed
  | CvQualified
  | VendorQualified
  | ArrayType
  | VectorType
  | PointerToMember
  | Decltype
  | Elaborated
  | Applied
  | TemplateParam
  | LambdaParam
  | PackExpansion
  | Pack
  | DeclaredArg;

export interface CtorDtor {
  readonly kind: "ctorDtor";
  readonly tilde: boolean;
  /** The name of the class itself. */
  readonly name: Node;
}

export interface Operator {
  readonly kind: "operator";
  /** Two-letter code of the ABI. */
  readonly code: string;
  readonly text: string;
}

export interface Conversion {
  readonly kind: "conversion";
  readonly type: Node;
}

/** `operator"" _x`, vendor operators. */
export interface NamedOperator {
  readonly kind: "namedOperator";
  readonly prefix: string;
  readonly name: Node;
}

export interface Lambda {
  readonly kind: "lambda";
  readonly templateParams: readonly TemplateParamDecl[];
  readonly constraint: Node | undefined;
  readonly params: readonly Node[];
  readonly trailingConstraint: Node | undefined;
  readonly number: number;
}

/** A declared template parameter of a lambda or of a template template parameter. */
export interface TemplateParamDecl {
  readonly kind: "templateParamDecl";
  readonly form: "type" | "value" | "template" | "constrained";
  readonly pack: boolean;
  readonly name: string;
  /** The type of a value parameter, or the constraint of a type parameter. */
  readonly type: Node | undefined;
  readonly params: readonly TemplateParamDecl[];
}

export interface Tagged {
  readonly kind: "tagged";
  readonly name: Node;
  readonly tag: string;
}

export interface InModule {
  readonly kind: "inModule";
  readonly name: Node;
  readonly module: Node;
}

export interface ModuleName {
  readonly kind: "moduleName";
  readonly parent: ModuleName | undefined;
  readonly partition: boolean;
  readonly name: Node;
}

export interface StructuredBinding {
  readonly kind: "structuredBinding";
  readonly names: readonly Node[];
}

export interface Friend {
  readonly kind: "friend";
  readonly name: Node;
}

/** A name with a `requires` clause. */
export interface Constrained {
  readonly kind: "constrained";
  readonly name: Node;
  readonly constraint: Node;
}

/** A function with `[enable_if:...]` (clang). */
export interface EnableIf {
  readonly kind: "enableIf";
  readonly typed: Node;
  readonly args: readonly Node[];
}

export type NameNode =
  | Text
  | Qualified
  | Template
  | Typed
  | MethodName
  | CtorDtor
  | Operator
  | Conversion
  | NamedOperator
  | Lambda
  | TemplateParamDecl
  | Tagged
  | InModule
  | ModuleName
  | StructuredBinding
  | Friend
  | Constrained
  | EnableIf;

export interface Unary {
  readonly kind: "unary";
  readonly op: Node;
  readonly operand: Node;
  /** `x++` */
  readonly postfix: boolean;
  /** Whether parentheses are always printed, as in `sizeof (type)`. */
  readonly parens: boolean;
}

export interface Binary {
  readonly kind: "binary";
  readonly op: Operator;
  readonly left: Node;
  readonly right: Node;
}

export interface Conditional {
  readonly kind: "conditional";
  readonly test: Node;
  readonly yes: Node;
  readonly no: Node;
}

export interface Call {
  readonly kind: "call";
  readonly callee: Node;
  readonly args: readonly Node[];
}

/** `static_cast<type>(expr)` and similar casts. */
export interface NamedCast {
  readonly kind: "namedCast";
  readonly keyword: string;
  readonly type: Node;
  readonly expr: Node;
}

/** `(type)(expr)` */
export interface TypeCast {
  readonly kind: "typeCast";
  readonly type: Node;
  readonly expr: Node;
}

export interface ExprList {
  readonly kind: "exprList";
  readonly items: readonly Node[];
}

export interface NewExpr {
  readonly kind: "new";
  readonly op: Operator;
  readonly global: boolean;
  readonly placement: readonly Node[];
  readonly type: Node;
  readonly init: Node | undefined;
}

export interface InitList {
  readonly kind: "initList";
  readonly type: Node | undefined;
  readonly items: readonly Node[];
}

/** `.member = x`, `[index] = x`, `[low ... high] = x`. */
export interface Designated {
  readonly kind: "designated";
  readonly member: Node | undefined;
  readonly low: Node | undefined;
  readonly high: Node | undefined;
  readonly value: Node;
}

export interface Literal {
  readonly kind: "literal";
  readonly type: Node;
  readonly value: string;
  readonly negative: boolean;
}

export interface StringLiteral {
  readonly kind: "stringLiteral";
  readonly type: Node;
}

export interface FunctionParam {
  readonly kind: "functionParam";
  /** Counted from 1; 0 is `this`. */
  readonly number: number;
}

export interface SizeofPack {
  readonly kind: "sizeofPack";
  readonly expanded: ExpandedPack | undefined;
  readonly expr: Node;
}

export interface SizeofArgs {
  readonly kind: "sizeofArgs";
  readonly args: readonly Node[];
}

export interface Fold {
  readonly kind: "fold";
  readonly left: boolean;
  readonly op: Node;
  readonly first: Node;
  readonly second: Node | undefined;
}

export interface Nullary {
  readonly kind: "nullary";
  readonly op: Operator;
}

/** `::name` */
export interface Global {
  readonly kind: "global";
  readonly expr: Node;
}

export interface Subobject {
  readonly kind: "subobject";
  readonly type: Node;
  readonly expr: Node;
  readonly offset: number;
}

export interface PointerToMemberCast {
  readonly kind: "memberPointerCast";
  readonly type: Node;
  readonly expr: Node;
  readonly offset: number;
}

export interface RequiresExpr {
  readonly kind: "requires";
  readonly params: readonly Node[];
  readonly requirements: readonly Requirement[];
}

export interface Requirement {
  readonly form: "expr" | "type" | "nested";
  readonly node: Node;
  readonly noexcept: boolean;
  readonly constraint: Node | undefined;
}

export type ExprNode =
  | Unary
  | Binary
  | Conditional
  | Call
  | NamedCast
  | TypeCast
  | ExprList
  | NewExpr
  | InitList
  | Designated
  | Literal
  | StringLiteral
  | FunctionParam
  | SizeofPack
  | SizeofArgs
  | Fold
  | Nullary
  | Global
  | Subobject
  | PointerToMemberCast
  | RequiresExpr;

/** `vtable for X`, or with `in`: `construction vtable for X-in-Y`. */
export interface SpecialNode {
  readonly kind: "special";
  readonly prefix: string;
  readonly subject: Node;
  readonly within: Node | undefined;
}

export const NO_QUALS: MethodQuals = { cv: [], ref: "" };
