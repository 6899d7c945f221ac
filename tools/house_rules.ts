/** The plan of the house as a lint plugin: one rule for each table of house_plan.ts. */

import { FREE, GLOBALS, PACKAGES, ROOMS, STRANGERS } from "./house_plan.ts";

interface Import {
  specifier: string;
  typeOnly: boolean;
  node: Deno.lint.Node;
}

const ROOT = new URL("..", import.meta.url).pathname;

/** `house/rooms`, `house/strangers`, `house/packages` and `house/globals`. */
const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    rooms: { create: (context) => onImport(context, checkRooms) },
    strangers: { create: (context) => onImport(context, checkStrangers) },
    packages: { create: (context) => onImport(context, checkPackages) },
    globals: { create: (context) => onGlobal(context) },
  },
};
export default plugin;

function checkRooms(file: string, { specifier }: Import): string | null {
  const target = resolve(file, specifier);
  if (target === null) return null;
  if (target === "main.ts") return "nothing imports main.ts";
  if (FREE.test(file)) return null;
  if (FREE.test(target)) return `${target} is for tests, e2e, bench and tools`;
  const from = roomOf(file);
  const to = roomOf(target);
  if (from === to || ROOMS[from]?.includes(to)) return null;
  return `${from} may not import ${to}`;
}

function checkStrangers(file: string, { specifier, typeOnly }: Import): string | null {
  const target = resolve(file, specifier);
  if (target === null || FREE.test(file) || FREE.test(target)) return null;
  const row = STRANGERS.find(({ from }) => from.test(file));
  // Another room's file is for `rooms` to report, once.
  if (!row || (roomOf(target) !== roomOf(file) && !ROOMS[roomOf(file)]?.includes(roomOf(target)))) {
    return null;
  }
  const own = row.from.exec(file)?.[1] ?? "";
  if (new RegExp(row.may.source.replace("$1", own)).test(target)) return null;
  if (typeOnly && row.mayTypes?.test(target)) return null;
  return `${file} may not import ${target}: ${row.sentence}`;
}

function checkPackages(file: string, { specifier }: Import): string | null {
  if (resolve(file, specifier) !== null) return null;
  if (/^(https?|jsr|npm|data):/.test(specifier)) {
    return `name the package in deno.json instead of ${specifier}`;
  }
  const name = specifier.startsWith("@")
    ? specifier.split("/").slice(0, 2).join("/")
    : specifier.split("/")[0]!;
  const homes = PACKAGES[name];
  if (FREE.test(file) && (homes || name.startsWith("node:"))) return null;
  if (homes === undefined) return `${name} has no home: give it a line in tools/house_plan.ts`;
  if (homes.some((home) => file.startsWith(home))) return null;
  return `${name} belongs in ${homes.join(", ") || "tests and tools"}`;
}

/** The path from the root for `@/` and relative specifiers, null for a package. */
function resolve(file: string, specifier: string): string | null {
  if (specifier.startsWith("@/")) return specifier.slice(2);
  if (!specifier.startsWith(".")) return null;
  return new URL(specifier, `file:///${file}`).pathname.slice(1);
}

function roomOf(path: string): string {
  const slash = path.indexOf("/");
  return slash < 0 ? path : path.slice(0, slash + 1);
}

function pathOf(context: Deno.lint.RuleContext): string {
  return context.filename.startsWith(ROOT)
    ? context.filename.slice(ROOT.length)
    : context.filename.replace(/^\//, "");
}

function onImport(
  context: Deno.lint.RuleContext,
  check: (file: string, found: Import) => string | null,
): Deno.lint.LintVisitor {
  const file = pathOf(context);
  const report = (specifier: string, typeOnly: boolean, node: Deno.lint.Node) => {
    const message = check(file, { specifier, typeOnly, node });
    if (message !== null) context.report({ node, message });
  };
  return {
    ImportDeclaration(node) {
      const typeOnly = node.importKind === "type" || (node.specifiers.length > 0 &&
        node.specifiers.every((one) =>
          one.type === "ImportSpecifier" && one.importKind === "type"
        ));
      report(node.source.value, typeOnly, node);
    },
    ExportNamedDeclaration(node) {
      if (node.source) report(node.source.value, node.exportKind === "type", node);
    },
    ExportAllDeclaration(node) {
      report(node.source.value, node.exportKind === "type", node);
    },
    ImportExpression(node) {
      if (node.source.type === "Literal" && typeof node.source.value === "string") {
        report(node.source.value, false, node);
      }
    },
  };
}

function onGlobal(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const file = pathOf(context);
  if (FREE.test(file)) return {};
  const declared = new Set<string>();
  const used: { name: string; node: Deno.lint.Node }[] = [];
  const listed = (name: string) => Object.hasOwn(GLOBALS, name);
  // A shorthand property is visited as key and as value.
  const seen = (node: Deno.lint.Node) => used.some((one) => same(one.node, node));
  return {
    Identifier(node) {
      if (declares(node)) declared.add(node.name);
      else if (listed(node.name) && refers(node) && !seen(node)) {
        used.push({ name: node.name, node });
      }
    },
    MemberExpression(node) {
      const member = node.property.type === "Identifier" && !node.computed
        ? node.property.name
        : node.property.type === "Literal" && String(node.property.value);
      if (!member || node.object.type !== "Identifier") return;
      const name = /^(globalThis|self|window)$/.test(node.object.name)
        ? member
        : `${node.object.name}.${member}`;
      if (listed(name)) used.push({ name, node });
    },
    VariableDeclarator(node) {
      if (node.init?.type !== "Identifier" || node.id.type !== "ObjectPattern") return;
      for (const property of node.id.properties) {
        if (property.type !== "Property" || property.key.type !== "Identifier") continue;
        const name = `${node.init.name}.${property.key.name}`;
        if (listed(name)) used.push({ name, node: property });
      }
    },
    NewExpression(node) {
      if (node.callee.type !== "Identifier" || node.callee.name !== "Date") return;
      if (node.arguments.length === 0) used.push({ name: "new Date()", node });
    },
    // A name that the file declares anywhere is taken as its own everywhere in the file.
    "Program:exit"() {
      for (const { name, node } of used) {
        const homes = GLOBALS[name]!;
        if (homes.includes(file) || declared.has(name.split(".")[0]!)) continue;
        context.report({ node, message: `${name} belongs in ${homes.join(", ") || "tools"}` });
      }
    },
  };
}

/** Whether this identifier brings a name into the file. */
function declares(node: Deno.lint.Identifier): boolean {
  const parent = node.parent as Deno.lint.Node;
  switch (parent.type) {
    case "VariableDeclarator":
      return same(parent.id, node);
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return parent.body === null || !same(parent.body, node);
    case "Property":
      return parent.parent.type === "ObjectPattern" && same(parent.value, node);
    case "AssignmentPattern":
      return same(parent.left, node);
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
      return same(parent.local, node);
    case "RestElement":
    case "ArrayPattern":
    case "ClassDeclaration":
    case "CatchClause":
      return true;
    default:
      return false;
  }
}

/** Whether this identifier reads a value, rather than naming a member or a type. */
function refers(node: Deno.lint.Identifier): boolean {
  const parent = node.parent as Deno.lint.Node;
  if (parent.type.startsWith("TS")) {
    return /^TS(As|NonNull|Satisfies)Expression$/.test(parent.type);
  }
  if (parent.type === "MemberExpression") return parent.computed || same(parent.object, node);
  if (parent.type === "Property") {
    return parent.shorthand || parent.computed || same(parent.value, node);
  }
  return !/^(MethodDefinition|PropertyDefinition|ImportSpecifier|ExportSpecifier|JSX.*)$/.test(
    parent.type,
  ) ||
    (parent.type === "PropertyDefinition" && parent.value !== null && same(parent.value, node));
}

function same(a: Deno.lint.Node, b: Deno.lint.Node): boolean {
  return a.range[0] === b.range[0] && a.range[1] === b.range[1];
}
