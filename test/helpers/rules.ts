// Rules for tests, without files: a name, a condition as filters are written, and what a test says of the rest.
import type { Expr } from '../../src/filter/ast.js'
import { printExpr } from '../../src/filter/ast.js'
import { parseFilter } from '../../src/filter/parser.js'
import type { Rule } from '../../src/rules/rule.js'

/** A rule whose condition is a text, or a tree that may share parts with others. */
export function rule(name: string, condition: string | Expr, more: Partial<Rule> = {}): Rule {
  const written = typeof condition === 'string' ? condition : printExpr(condition)
  return {
    name,
    source: 'syscall',
    condition: typeof condition === 'string' ? parseFilter(condition) : { text: written, root: condition },
    written,
    exceptions: [],
    output: '%proc.name made a call (call=%evt.type)',
    desc: '',
    priority: 'Warning',
    tags: [],
    enabled: true,
    capture: false,
    captureDuration: undefined,
    place: { file: 'rules.yaml', line: 1, column: 1 },
    ...more,
  }
}
