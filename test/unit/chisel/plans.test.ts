// What the kernel does not record for a chisel: chisels about names and changes do not need reads of files.
import { expect, test } from 'vitest'
import type { Chisel } from '../../../src/chisel/define.js'
import { prepare } from '../../../src/chisel/prepare.js'
import { registry } from '../../../src/fields/index.js'
import { checkFilter, planFilter } from '../../../src/filter/index.js'
import { VERDICT } from '../../../src/source/plan.js'

const nr = { read: 0, futex: 202, getpid: 39 }

test.each(['filelife', 'whatchanged', 'exitsnoop', 'killsnoop'])('%s', async (name) => {
  const module = (await import(new URL(`../../../chisels/${name}.ts`, import.meta.url).href)) as { default: Chisel }
  const { filter = '', reads } = prepare({ name, argument: name, def: module.default }, [], {
    containers: false,
  }).prepared
  const plan = planFilter(checkFilter(filter, registry), registry, {
    arch: 'x64',
    output: reads,
    snaplen: 80,
    selfPid: 1,
  })
  expect([plan.snaplen, plan.latency]).toEqual([0, false])
  for (const [call, n] of Object.entries(nr)) expect(plan.verdicts[n], call).toBe(VERDICT.DROP)
})
