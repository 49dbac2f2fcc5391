// Errors in a declaration are reported with their position; the data that a table needs follow from its fields.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ChiselDef } from '../../../src/chisel/define.js'
import { registry } from '../../../src/fields/index.js'
import { FilterError, planFilter } from '../../../src/filter/index.js'
import { VERDICT } from '../../../src/source/plan.js'
import { compileTable, isShown, joinFilters, type TableDef } from '../../../src/table/index.js'
import { loadViews } from '../../../src/views/index.js'

const base: TableDef = { keys: ['proc.pid'], columns: [{ field: 'evt.count', title: 'n', agg: 'sum' }] }
const mistake = (def: TableDef): string => {
  try {
    compileTable(def, { containers: false })
  } catch (e) {
    if (e instanceof FilterError) return e.format()
    throw e
  }
  return ''
}

test('a wrong field, filter or aggregation is shown with a caret', () => {
  expect(mistake({ ...base, keys: ['proc.nam'] })).toMatch(/unknown field.*\n.*proc\.nam\n.*\^/)
  expect(mistake({ ...base, filter: 'evt.type==' })).toMatch(/\^/)
  expect(mistake({ ...base, columns: [{ field: 'proc.name', title: 'x', agg: 'sum' }] })).toMatch(
    /sum requires numbers/,
  )
})

test('counting network traffic needs no buffers, no latency, and only calls that transfer data', () => {
  const table = compileTable(
    {
      keys: ['proc.name', 'proc.pid'],
      columns: [{ field: 'evt.rawarg.res', title: 'Bytes', agg: 'sum' }],
      filter: '(fd.type=ipv4 or fd.type=ipv6) and evt.is_io=true',
    },
    { containers: false },
  )
  const plan = planFilter(table.filter, registry, { arch: 'x64', output: table.fields, snaplen: 80, selfPid: 1 })
  expect([plan.snaplen, plan.latency, plan.enter]).toEqual([0, false, false])
  const nr = (name: string) => ({ read: 0, write: 1, open: 2, futex: 202, sendto: 44 })[name] as number
  expect(plan.verdicts[nr('read')]).not.toBe(VERDICT.DROP)
  expect(plan.verdicts[nr('sendto')]).not.toBe(VERDICT.DROP)
  for (const name of ['open', 'futex']) expect(plan.verdicts[nr(name)], name).toBe(VERDICT.DROP)
})

test('columns of containers are shown only on request, and sorting follows its column', () => {
  const def: TableDef = {
    keys: ['proc.pid'],
    columns: [
      { field: 'proc.vpid', title: 'inner', only: 'containers' },
      { field: 'proc.name', title: 'outer', only: 'default' },
      { field: 'evt.count', title: 'n', agg: 'sum' },
    ],
    sort: { column: 2 },
  }
  const shown = (containers: boolean) => compileTable(def, { containers })
  expect(shown(true).columns.map((c) => c.title)).toEqual(['inner', 'n'])
  expect(shown(false).columns.map((c) => c.title)).toEqual(['outer', 'n'])
  expect(shown(false).sort.column).toBe(1)
})

test('rows of containers are identified by the id, which remains when the name changes', async () => {
  const chisels = new URL('../../../chisels/', import.meta.url)
  const tables: [string, TableDef][] = []
  for (const { id, table, collapseBy } of (await loadViews()).filter((v) => v.table !== undefined)) {
    tables.push([id, table])
    expect(collapseBy ?? [], id).not.toContain('container.name')
  }
  for (const file of readdirSync(chisels).filter((f) => f.endsWith('.ts'))) {
    const { table, args } = ((await import(new URL(file, chisels).href)) as { default: ChiselDef }).default
    if (typeof table === 'object') tables.push([file, table])
    // given keys are the user's own
    else if (table !== undefined && args === undefined) tables.push([file, table({ args: {}, containers: true })])
  }
  expect(tables.length).toBeGreaterThan(30)
  for (const [name, { keys, containerKeys = [], groupBy = [] }] of tables)
    expect([...keys, ...containerKeys, ...groupBy], name).not.toContain('container.name')
})

test('an error in the filter of a declaration is shown in this filter, not in the combined one', () => {
  const shown = (def: TableDef): string => {
    try {
      compileTable(def, { containers: false, filter: 'proc.name=cat' })
    } catch (e) {
      return (e as FilterError).format()
    }
    return ''
  }
  for (const own of [{ filter: 'evt.tpye=read' }, { threadFilter: 'evt.tpye=read' }])
    expect(shown({ ...base, ...own })).toMatch(/^ *evt\.tpye=read\n *\^/m)
})

test('the caret marks the whole error', () => {
  expect(mistake({ ...base, keys: ['proc.nam'] })).toMatch(/\n *\^{8}$/m)
  expect(mistake({ ...base, columns: [{ field: 'proc.apid', title: 'x', agg: 'max' }] })).toMatch(
    /max requires numbers, but proc\.apid has .*\n.*proc\.apid\n *\^{9}/,
  )
})

test('columns of pods are shown only if there are pods', () => {
  const shown = (pods?: boolean) =>
    isShown({ only: 'pods' }, { containers: true, ...(pods === undefined ? {} : { pods }) })
  expect([shown(), shown(false), shown(true)]).toEqual([false, false, true])
})

test('events must pass the filters of the user, of threads and of the declaration', () => {
  const def: TableDef = { ...base, filter: 'evt.type=read or evt.type=write', threadFilter: 'proc.pid=1 or proc.pid=2' }
  const texts = (options: { filter?: string }, more: Partial<TableDef> = {}) => {
    const { filter, only } = compileTable({ ...def, ...more }, { containers: false, ...options })
    return [filter, only].map((f) => f?.fieldsUsed.toSorted())
  }
  expect(texts({ filter: 'proc.name=cat or proc.name=dog' })).toEqual([
    ['evt.type', 'proc.name', 'proc.pid'],
    ['proc.name', 'proc.pid'],
  ])
  expect(texts({ filter: '' })).toEqual([['evt.type', 'proc.pid'], ['proc.pid']])
})

test.each([
  [undefined, undefined, undefined],
  ['', '', undefined],
  ['', undefined, undefined],
  [undefined, '', undefined],
  ['a=1', undefined, 'a=1'],
  ['a=1', '', 'a=1'],
  ['', 'b=1', 'b=1'],
  [undefined, 'b=1', 'b=1'],
  ['a=1 or c=1', 'b=1', '(a=1 or c=1) and (b=1)'],
])('filters %j and %j together are %j', (a, b, both) => expect(joinFilters(a, b)).toBe(both))

test('the capture must record what keys, groups and columns need, each once', () => {
  const { fields } = compileTable(
    {
      keys: ['thread.tid'],
      containerKeys: ['container.id', 'thread.tid'],
      groupBy: ['proc.pid'],
      columns: [
        { field: 'evt.count', title: 'n', agg: 'sum' },
        { field: 'evt.count', title: 'rate', agg: 'rate' },
        { field: 'proc.vpid', title: 'VPID', only: 'default' },
      ],
    },
    { containers: true },
  )
  expect(fields).toEqual(['container.id', 'thread.tid', 'proc.pid', 'evt.count'])
})

test('values of joined rows are joined as far as possible', () => {
  const agg = ['sum', 'count', 'rate', 'distinct', 'p50', 'p90', 'p99', 'min', 'max', 'avg', 'last'] as const
  const { columns } = compileTable(
    { ...base, columns: agg.map((a) => ({ field: 'evt.latency', title: a, agg: a })) },
    { containers: false },
  )
  expect(columns.map((c) => c.groupAgg)).toEqual([
    'sum',
    'sum',
    'sum',
    'sum',
    'max',
    'max',
    'max',
    'min',
    'max',
    'avg',
    'last',
  ])
})

test('a boolean can be summed, a text cannot', () => {
  expect(mistake({ ...base, columns: [{ field: 'evt.failed', title: 'x', agg: 'sum' }] })).toBe('')
  for (const field of ['fd.name', 'fd.cip', 'evt.buffer', 'fd.types', 'proc.aname'])
    expect(mistake({ ...base, columns: [{ field, title: 'x', agg: 'sum' }] }), field).toMatch(/sum requires numbers/)
})

test('texts are counted, and distinguished, like numbers', () => {
  for (const agg of ['count', 'distinct', 'last'] as const)
    expect(mistake({ ...base, columns: [{ field: 'proc.name', title: 'x', agg }] }), agg).toBe('')
})
