// Compiles filters to predicates.
import type { FieldContext } from '../fields/field.js'
import type { Event } from '../model/event.js'
import type { Ast } from './ast.js'
import { checkAst } from './check.js'
import { Emitter } from './emitter.js'
import { adaptFilter } from './older-names.js'
import { parseFilter } from './parser.js'
import type { FieldRegistry } from './registry.js'
import { dependsOnSide, fromEitherSide, narrowToSides } from './sides.js'
import { simplify } from './simplify.js'
import type { CheckedFilter, Node } from './typed.js'

interface CompiledFilter {
  /** whether the event under the cursor, with its thread and descriptor set, passes */
  test(e: Event): boolean
  /**
   * like test(); for a call on two descriptors it also narrows the event to the sides that pass, for callers that pass
   * the event on
   */
  keep(e: Event): boolean
  readonly ast: Ast
  readonly fieldsUsed: readonly string[]
  readonly warnings: readonly string[]
  /** the generated expression, for people */
  readonly source: string
  /** meanings of the names in `source`: `g0` is proc.name ... */
  readonly legend: readonly (readonly [name: string, meaning: string])[]
}

/** Parses and checks a filter. Throws FilterError. */
export function checkFilter(text: string, fields: FieldRegistry): CheckedFilter {
  const checked = checkAst(parseFilter(text), fields)
  return { ...checked, root: simplify(checked.root) }
}

/** Compiles a filter to its predicate. Throws FilterError. */
export function compileFilter(text: string, fields: FieldRegistry, ctx: FieldContext): CompiledFilter {
  return compileChecked(checkFilter(text, fields), ctx)
}

/** Compiles a subtree of a filter to a predicate for one capture. */
export function compileNode(node: Node, ctx: FieldContext): (e: Event) => boolean {
  const emitter = new Emitter(ctx)
  const test = emitter.function(emitter.node(node))
  return dependsOnSide(node) ? fromEitherSide(test) : test
}

/** Compiles a checked filter to its predicate for one capture. */
export function compileChecked(filter: CheckedFilter, ctx: FieldContext): CompiledFilter {
  const emitter = new Emitter(ctx)
  const source = emitter.node(adaptFilter(filter, ctx.info.has).root)
  const { legend } = emitter
  const plain = emitter.function(source)
  const sided = dependsOnSide(filter.root)
  const test = sided ? fromEitherSide(plain) : plain
  const keep = sided ? narrowToSides(plain) : plain
  const { ast, fieldsUsed, warnings } = filter
  return { test, keep, ast, fieldsUsed, warnings, source, legend }
}
