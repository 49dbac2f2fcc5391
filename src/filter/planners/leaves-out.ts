// Whether a capture that a filter has limited lacks calls of what another filter selects.
import { FALSE, TRUE } from '../bytype.js'
import { isNameField } from '../cgroup-marks.js'
import { CODES, eventDef } from '../events.js'
import type { FieldUse } from '../registry.js'
import { type CheckedFilter, eachTest, type Node } from '../typed.js'
import { conditionsOf } from './condition-by-type.js'
import { fieldsOf } from './judged-tests.js'

const CALLS: readonly number[] = CODES.filter((code) => eventDef(code)?.nr !== undefined)

/** What a filter can select as a whole: a container, what is in one cgroup, or a process. */
export type Whole = 'container' | 'cgroup' | 'process'

/**
 * Whether `recorded` may exclude calls that pass `subject` (undefined: all calls), although it passes others of the same whole. A
 * condition on containers alone excludes whole containers.
 */
export function leavesOut(
  recorded: CheckedFilter,
  subject: CheckedFilter | undefined,
  whole: Whole = 'container',
): boolean {
  const passing = conditionsOf(recorded)
  const failed = { kind: 'not', item: recorded.root } as const
  const lacking = conditionsOf({
    ...recorded,
    root: subject === undefined ? failed : { kind: 'and', items: [subject.root, failed] },
  })
  return CALLS.some((code) => {
    const condition = passing.at(code)
    if (condition === TRUE || (condition !== FALSE && selects(condition, SELECTED_BY[whole]))) return false
    return lacking.at(code) !== FALSE
  })
}

function selects(condition: Node, by: (use: FieldUse) => boolean): boolean {
  let all = true
  eachTest(condition, (test) => {
    all &&= fieldsOf(test).every(by)
  })
  return all
}

const isOfContainer = ({ name, def }: FieldUse): boolean => def.containerOnly === true || isNameField(name)
const isOfCgroup = (use: FieldUse): boolean => isOfContainer(use) || /^thread\.cgroups?$/.test(use.name)
const isOfProcess = (use: FieldUse): boolean =>
  isOfCgroup(use) || (/^proc\./.test(use.name) && use.def.ofProcess !== undefined)

/** The fields whose values are the same for all calls of a whole: not the user, which a program changes. */
const SELECTED_BY: Readonly<Record<Whole, (use: FieldUse) => boolean>> = {
  container: isOfContainer,
  cgroup: isOfCgroup,
  process: isOfProcess,
}
