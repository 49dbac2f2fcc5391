// A rule by its name and its condition: a filter as text, or a tree that may share parts with others.
import { type Expr, printExpr } from '../../src/filter/ast.js'
import { parseFilter } from '../../src/filter/parser.js'
import type { Rule } from '../../src/rules/rule.js'
import { ruleOf } from './rules.js'

export function rule(name: string, condition: string | Expr, more: Partial<Rule> = {}): Rule {
  const ast = typeof condition === 'string' ? parseFilter(condition) : { text: printExpr(condition), root: condition }
  return { ...ruleOf({ name }), condition: ast, written: ast.text, ...more }
}
