// The public interface of the filter language.

export { printExpr } from './ast.js'
export { cgroupMarks, isNameField } from './cgroup-marks.js'
export {
  checkFilter,
  compileChecked,
  compileFilter,
} from './compile.js'
export { decidedByType } from './decided-by-type.js'
export { FilterError } from './error.js'
export { explainFilter } from './explain.js'
export { siblingHint } from './hint.js'
export { type JudgedThreads, judgedThreads } from './judged-threads.js'
export { literal } from './literal.js'
export { type Need, needsOf } from './needs.js'
export { parseFilter } from './parser.js'
export { type IsOpaque, implying, withOpaque } from './planner-hints.js'
export {
  type BoundsWithTypes,
  boundsWithTypes,
  processesWithin,
  pruneBounds,
  pruneFilter,
  rowsPassing,
  timesPassing,
} from './planners/block-plan.js'
export { containerTest } from './planners/container-test.js'
export { matchesEnter, onDemand, type PlanOptions, planFilter } from './planners/kernel-plan.js'
export { leavesOut, type Whole } from './planners/leaves-out.js'
export { type RequiredLiterals, requiredLiterals } from './planners/required-literals.js'
export type { FieldRegistry, FieldUse } from './registry.js'
export { nearest } from './suggest.js'
export { bothOf, type CheckedFilter, eachTest } from './typed.js'
