// A container that is renamed remains one row, with its current name.
import { expect, test } from 'vitest'
import { compileChecked } from '../../../src/filter/index.js'
import { unnamed } from '../../../src/model/container.js'
import { containerJson } from '../../../src/model/container-json.js'
import { compileTable, Table, type TableDef } from '../../../src/table/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { context } from '../fields/evaluate.js'
import { info, shell, thread, World } from '../state/world.js'

const ID = 'a'.repeat(64)
const metadata = (name: string): RowSpec => ({
  tid: -1,
  pid: -1,
  type: 'container',
  params: { json: containerJson({ ...unnamed(ID, 'docker'), name }) },
})
const fails: RowSpec = { tid: 200, type: 'openat', ret: -2, params: { dirfd: -100, name: '/x', flags: 0 } }

/** The cells of the table of a chisel after a container has failed twice, once with each name. */
async function cells(chisel: string): Promise<unknown[]> {
  const { default: def } = (await import(`../../../chisels/${chisel}.ts`)) as {
    default: { table: TableDef | ((given: { args: object; containers: boolean }) => TableDef) }
  }
  const s = shell()
  const w = new World({ ...s, threads: [...s.threads, thread(200, { cgroups: [`cpu=/docker/${ID}`], fds: [] })] })
  const ctx = { ...context(), info, states: [w.state] }
  const declared = typeof def.table === 'function' ? def.table({ args: {}, containers: true }) : def.table
  const compiled = compileTable(declared, { containers: true })
  const table = new Table(compiled, ctx)
  const passes = compiled.filter === undefined ? undefined : compileChecked(compiled.filter, ctx).test
  w.play([metadata('web'), fails, metadata('shop-front'), fails], (e) => {
    if (passes?.(e) !== false) table.add(e)
  })
  return table.read(1e9).map((row) => row.cells)
}

test('a container is one row in a table of containers', async () => {
  expect(await cells('topcontainers_error')).toEqual([[2, 'shop-front']])
})

test('a container is one row in tables of events in containers', async () => {
  expect(await cells('topscalls')).toContainEqual([2, 'shop-front', 'openat'])
})
