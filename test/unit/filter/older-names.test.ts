// The meaning of event names in files of sysdig, which records accept4 under the name accept, and elsewhere.
import { expect, test } from 'vitest'
import { compileChecked } from '../../../src/filter/compile.js'
import { checkFilter } from '../../../src/filter/index.js'
import { adaptFilter } from '../../../src/filter/older-names.js'
import { rowsPassing } from '../../../src/filter/planners/block-plan.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import { codeOf, ctx, fields, made } from './world.js'

const cases = [
  ['evt.type=accept', ['accept', 'accept4']],
  ['evt.type==accept', ['accept', 'accept4']],
  ['evt.type in (accept, read)', ['accept', 'accept4', 'read']],
  ['evt.type=accept4', ['accept4']],
  ['evt.type!=accept', ['read']],
  ['not evt.type=accept', ['read']],
  ['evt.type contains accept', ['accept', 'accept4']],
] as const
const CALLS = ['accept', 'accept4', 'read']

test.each(cases)('in files of other tools %s finds %j', (text, found) => {
  const filter = checkFilter(text, fields)
  const { test: passes } = compileChecked(filter, { ...ctx, info: { ...ctx.info, has: capabilitiesOf('scap') } })
  expect(CALLS.filter((type) => passes(made({ type })))).toEqual(found)
  const { types } = rowsPassing(filter, capabilitiesOf('scap'))
  expect(CALLS.filter((type) => types[codeOf(type)] === 1)).toEqual(found)
})

test('live, and in files of ksys, a name means this call alone', () => {
  const filter = checkFilter('evt.type=accept', fields)
  expect(adaptFilter(filter, capabilitiesOf('ksys'))).toBe(filter)
  const { test: passes } = compileChecked(filter, ctx)
  expect(CALLS.filter((type) => passes(made({ type })))).toEqual(['accept'])
  expect(rowsPassing(filter).types[codeOf('accept4')]).toBe(0)
})
