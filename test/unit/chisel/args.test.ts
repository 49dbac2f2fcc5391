// The words after a chisel's name: arguments in every form that users write, and where the filter begins.
import { describe, expect, test } from 'vitest'
import { ChiselError, takeArguments } from '../../../src/chisel/args.js'
import type { ArgDefs } from '../../../src/chisel/define.js'

const key: ArgDefs = { key: { type: 'field', doc: 'the field to group by' } }
const by: ArgDefs = {
  by: { type: 'string', doc: 'order', optional: true, default: 'ncalls', choices: ['ncalls', 'time'] },
}
const filter: ArgDefs = { filter: { type: 'filter', doc: 'which ones', optional: true } }
const generator: ArgDefs = {
  keys: { type: 'string', doc: 'keys' },
  value: { type: 'field', doc: 'value' },
  filter: { type: 'string', doc: 'filter' },
  top: { type: 'int', doc: 'rows' },
}

const take = (defs: ArgDefs, ...words: string[]) => takeArguments({ name: 'x', argument: 'x' }, defs, words)
const wrong = (defs: ArgDefs, ...words: string[]): string => {
  try {
    take(defs, ...words)
  } catch (e) {
    if (e instanceof ChiselError) return e.message
    throw e
  }
  return ''
}

describe('arguments', () => {
  test('are separate words, followed by the filter', () => {
    expect(take(key, 'fd.name', 'proc.name=cat', 'or', 'user.uid=0')).toEqual({
      args: { key: 'fd.name' },
      rest: ['proc.name=cat', 'or', 'user.uid=0'],
    })
    expect(take(generator, 'proc.name,fd.name', 'evt.latency', 'fd.type=file and evt.is_io=true', '10').args).toEqual({
      keys: 'proc.name,fd.name',
      value: 'evt.latency',
      filter: 'fd.type=file and evt.is_io=true',
      top: 10,
    })
  })

  test('are in one quoted word, as with sysdig', () => {
    const { args, rest } = take(generator, "proc.name evt.latency 'evt.type=read and fd.num>2' 10", 'proc.pid=1')
    expect(args).toEqual({ keys: 'proc.name', value: 'evt.latency', filter: 'evt.type=read and fd.num>2', top: 10 })
    expect(rest).toEqual(['proc.pid=1'])
  })

  test('are named, in any order', () => {
    expect(take(generator, 'top=3', 'keys=proc.pid', 'evt.buflen', 'filter=evt.type=read').args).toEqual({
      keys: 'proc.pid',
      value: 'evt.buflen',
      filter: 'evt.type=read',
      top: 3,
    })
  })

  test('that are optional are omitted if a filter follows', () => {
    expect(take(by, 'proc.name=nginx')).toEqual({ args: { by: 'ncalls' }, rest: ['proc.name=nginx'] })
    expect(take(by, 'time', 'proc.name=nginx')).toEqual({ args: { by: 'time' }, rest: ['proc.name=nginx'] })
    expect(take(by)).toEqual({ args: { by: 'ncalls' }, rest: [] })
  })

  test('of type filter take the filter, quoted or not', () => {
    expect(take(filter, 'proc.name=bash')).toEqual({ args: { filter: 'proc.name=bash' }, rest: [] })
    expect(take(filter, 'proc.name=bash', 'and', 'user.uid=0').args).toEqual({
      filter: 'proc.name=bash and user.uid=0',
    })
    expect(take(filter, 'fd.type=ipv4', 'evt.num=1000')).toEqual({
      args: { filter: 'fd.type=ipv4' },
      rest: ['evt.num=1000'],
    })
  })
})

test('of type number may have a minimum', () => {
  const rate: ArgDefs = { rate: { type: 'int', doc: 'ms of a row', least: 10 } }
  expect(take(rate, '10').args).toEqual({ rate: 10 })
  expect(wrong(rate, '9')).toBe('chisel x: rate must be at least 10 (ms of a row), not 9')
})

test('that are optional do not take an invalid word: it belongs to the next argument', () => {
  const spy: ArgDefs = {
    way: { type: 'string', doc: 'way', optional: true, default: 'RW', choices: ['R', 'W', 'RW'] },
    depth: { type: 'int', doc: 'depth', optional: true },
    name: { type: 'string', doc: 'name', optional: true },
  }
  expect(take(spy, '/etc/passwd').args).toEqual({ way: 'RW', depth: undefined, name: '/etc/passwd' })
  expect(take(spy, '3', '/etc/passwd').args).toEqual({ way: 'RW', depth: 3, name: '/etc/passwd' })
  expect(take(spy, 'R', 'proc.name=cat')).toEqual({
    args: { way: 'R', depth: undefined, name: undefined },
    rest: ['proc.name=cat'],
  })
})

test('that are wrong: errors name the chisel, the argument and the syntax', () => {
  expect(wrong(key)).toBe('chisel x requires key (the field to group by): ksys -c x key')
  expect(wrong(key, 'fd.nam')).toMatch(/chisel x: key:\n.*unknown field.*\n.*\n.*\^/)
  expect(wrong(by, 'speed')).toBe("chisel x: by must be one of ncalls, time, not 'speed'")
  expect(wrong(generator, 'proc.name', 'evt.latency', 'none', 'ten')).toMatch(/^chisel x: top must be a whole number/)
  expect(wrong(filter, 'proc.name==')).toMatch(/\^/)
})
