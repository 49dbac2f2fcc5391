// Filters and calls that read from one descriptor and write to another: a filter passes if it passes for either side.
import { expect, test } from 'vitest'
import type { FieldContext } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import { compileFilter, parseFilter } from '../../../src/filter/index.js'
import { checkRules } from '../../../src/rules/engine/checked.js'
import { compileRules } from '../../../src/rules/engine/engine.js'
import { State } from '../../../src/state/state.js'
import { cursor, makeBatch, type RowSpec } from '../../helpers/rows.js'
import { rule } from '../../helpers/rule.js'
import { file, info, shell } from '../state/world.js'

const state = new State(info)
const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const
const ctx: FieldContext = { info, states: [state], format }

const COPY: RowSpec = { type: 'copy_file_range', ret: 50, tid: 100, params: { fdin: 3, fdout: 5, len: 50 } }
const SEND: RowSpec = { type: 'sendfile', ret: 50, tid: 100, params: { in_fd: 3, out_fd: 5, size: 50 } }

function at(row: RowSpec) {
  state.load(shell([file(3, '/data/source'), file(5, '/tmp/full/copy'), file(0, '/dev/tty')]))
  const e = cursor()
  e.moveTo(makeBatch([row]), 0)
  state.apply(e)
  return e
}
const get = (field: string) => registry.find(field).def.make(ctx, undefined)

/** What a line shows for the call; undefined if the filter does not pass it. */
function line(filter: string, fields: readonly string[], row = COPY): unknown[] | undefined {
  const e = at(row)
  return compileFilter(filter, registry, ctx).keep(e) ? fields.map((f) => get(f)(e)) : undefined
}
const passes = (filter: string, row = COPY) => line(filter, [], row) !== undefined

test.each([COPY, SEND])('the written descriptor is the target, the one read is the source', (row) => {
  expect(passes('evt.is_io_write=true and fd.name startswith /tmp/full', row)).toBe(true)
  expect(passes('evt.is_io_read=true and fd.name=/data/source', row)).toBe(true)
  expect(passes('evt.is_io_write=true and fd.name=/data/source', row)).toBe(false)
  expect(passes('evt.is_io_read=true and fd.name startswith /tmp/full', row)).toBe(false)
  expect(passes('evt.io_dir=write and fd.num=3', row)).toBe(false)
  expect(passes('evt.io_dir=read and fd.num=3', row)).toBe(true)
  expect(passes('fd.name=/etc/passwd', row)).toBe(false)
})

test('a filter for either file finds the call, and the line shows this side', () => {
  const fields = ['fd.num', 'fd.name', 'evt.io_dir', 'evt.buflen', 'fd.other.num', 'fd.other.name', 'fd.other.type']
  const target = [5, '/tmp/full/copy', 'write', 50, 3, '/data/source', 'file']
  expect(line('fd.name=/data/source', fields)).toEqual([3, '/data/source', 'read', 50, 5, '/tmp/full/copy', 'file'])
  expect(line('fd.name=/tmp/full/copy', fields)).toEqual(target)
  expect(line('proc.name=sh', fields)).toEqual(target)
  expect(line('fd.other.name=/data/source', fields)).toEqual(target)
})

test('an operation of io_uring that copies is found by either descriptor, and does not count as input or output, like all of io_uring', () => {
  const splice: RowSpec = {
    type: 'io_uring_complete',
    ret: 50,
    tid: 100,
    params: { fd: 5, fd_in: 3, opcode: 30 },
  }
  const fields = ['fd.num', 'fd.other.num', 'fd.other.name', 'evt.buflen', 'evt.io_dir', 'evt.is_io']
  const source = [3, 5, '/tmp/full/copy', 50, undefined, false]
  const target = [5, 3, '/data/source', 50, undefined, false]
  expect(line('fd.name=/data/source', fields, splice)).toEqual(source)
  expect(line('fd.name=/tmp/full/copy', fields, splice)).toEqual(target)
  expect(line('proc.name=sh', fields, splice)).toEqual(target)
  expect(passes('evt.is_io_write=true or evt.is_io_read=true or evt.io_dir exists', splice)).toBe(false)
  const read: RowSpec = { ...splice, params: { fd: 5, opcode: 22 } }
  expect(line('fd.num=5', fields, read)).toEqual([5, undefined, undefined, 50, undefined, false])
})

test('other calls have no second descriptor', () => {
  const row: RowSpec = { type: 'read', ret: 1, tid: 100, params: { fd: 3, size: 1 } }
  expect(line('fd.num=3', ['fd.other.num', 'fd.other.name', 'fd.other.type'], row)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test.each(['all', 'first'] as const)('rules fire once, each for the file that it is about (%s)', (matching) => {
  const fired: unknown[] = []
  const rules = [
    'evt.is_io_read=true and fd.name=/data/source',
    'evt.is_io_write=true and fd.name startswith /tmp',
    'evt.is_io_write=true and fd.name=/data/source',
    'evt.is_io=true',
  ].map((condition, i) => rule(String(i), parseFilter(condition).root))
  const name = get('fd.name')
  const engine = compileRules(checkRules(rules, registry), ctx, {
    matching,
    fired: (r, e) => fired.push([r.name, name(e)]),
  })
  const e = at(COPY)
  engine.evaluate(e)
  const all = [
    ['0', '/data/source'],
    ['1', '/tmp/full/copy'],
    ['3', '/tmp/full/copy'],
  ]
  expect(fired).toEqual(matching === 'all' ? all : all.slice(0, 1))
  expect(name(e)).toBe('/tmp/full/copy')
})
