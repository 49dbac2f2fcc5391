// The filter language's public surface.

export { type Ast, printExpr } from './ast.js'
export {
  type CompiledFilter,
  checkFilter,
  compileChecked,
  compileFilter,
} from './compile.js'
export { containerTest } from './container-test.js'
export { FilterError } from './error.js'
export { explainFilter } from './explain.js'
export { siblingHint } from './hint.js'
export { type Need, needsOf } from './needs.js'
export { OPERATORS } from './operators.js'
export { parseFilter } from './parser.js'
export { asksForEnter, type PlanOptions, planFilter } from './plan.js'
export { processesPassing, pruneFilter, typesPassing } from './prune.js'
export { followContainers } from './refusals.js'
export type { FieldRegistry, FieldUse } from './registry.js'
export { nearest } from './suggest.js'
export { type Texts, textsOf } from './texts.js'
export { TRANSFORMERS } from './transformers.js'
export { type CheckedFilter, eachTest } from './typed.js'
