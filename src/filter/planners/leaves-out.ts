// Whether a capture that a filter has limited lacks calls of what another filter selects.
import { FALSE, TRUE } from '../bytype.js'
import { isNameField } from '../cgroup-marks.js'
import { CODES, eventDef } from '../events.js'
import { type CheckedFilter, eachTest, type Node, type TestNode } from '../typed.js'
import { conditionsOf } from './condition-by-type.js'
import { fieldsOf } from './judged-tests.js'

const CALLS: readonly number[] = CODES.filter((code) => eventDef(code)?.nr !== undefined)

/**
 * Whether `recorded` may exclude calls that pass `subject` (undefined: all calls), although it passes others of their container. A
 * condition on containers alone excludes whole containers.
 */
export function leavesOut(recorded: CheckedFilter, subject: CheckedFilter | undefined): boolean {
  const passing = conditionsOf(recorded)
  const failed = { kind: 'not', item: recorded.root } as const
  const lacking = conditionsOf({
    ...recorded,
    root: subject === undefined ? failed : { kind: 'and', items: [subject.root, failed] },
  })
  return CALLS.some((code) => {
    const condition = passing.at(code)
    if (condition === TRUE || (condition !== FALSE && selectsContainers(condition))) return false
    return lacking.at(code) !== FALSE
  })
}

function selectsContainers(condition: Node): boolean {
  let all = true
  eachTest(condition, (test) => {
    all &&= isOfContainer(test)
  })
  return all
}

function isOfContainer(test: TestNode): boolean {
  return fieldsOf(test).every(({ name, def }) => def.containerOnly === true || isNameField(name))
}
