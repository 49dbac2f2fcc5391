// Command lines and environments that were recorded in part.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { compileJson } from '../../../src/format/template/json.js'
import { compileTemplate } from '../../../src/format/template/template.js'
import { ByteWriter } from '../../../src/render/bytes/byte-writer.js'
import { NO_ARGS } from '../../../src/source/source.js'
import type { RowSpec } from '../../helpers/rows.js'
import { ask, context, info, walk } from './evaluate.js'

/** A program that started with these bytes of its command line and environment. */
const exec = (args: string, env: string): RowSpec => ({
  type: 'execve',
  ret: 0,
  tid: 42,
  params: { res: 0, exe: 'sh', args, tid: 42, pid: 42, comm: 'sh', env },
})
/** The bytes that follow `sh` and its NUL up to the limit. */
const FULL = 'x'.repeat(4095 - 3)
const WHOLE = exec('-c\0true\0', 'A=1\0')

function printed(compile: typeof compileJson | typeof compileTemplate, format: string, row: RowSpec): string {
  const ctx = context()
  const template = compile(format, registry, ctx)
  const out = new ByteWriter(16)
  walk([row], ctx, (e) => {
    template.append(out, e)
  })
  return out.toString().trimEnd()
}
const json = (format: string, row: RowSpec) => JSON.parse(printed(compileJson, format, row))

test('JSON marks a truncated value next to it, once, and no other', () => {
  expect(json('%proc.args %proc.cmdline %proc.env', exec(FULL, 'A=1\0'))).toEqual({
    'proc.args': FULL,
    'proc.cmdline': `sh ${FULL}`,
    'proc.is_args_truncated': true,
    'proc.env': 'A=1',
  })
  expect(json('%proc.exeline %proc.env', exec('-c\0', `A=${'é'.repeat(2046)}`.concat('x')))).toEqual({
    'proc.exeline': 'sh -c',
    'proc.env': `A=${'é'.repeat(2046)}x`,
    'proc.is_env_truncated': true,
  })
  expect(json('%proc.args %proc.env', WHOLE)).toEqual({ 'proc.args': '-c true', 'proc.env': 'A=1' })
})

test('the field of the mark has a value in either case, and a single argument is complete or absent', () => {
  expect(json('%proc.args %proc.is_args_truncated', WHOLE)['proc.is_args_truncated']).toBe(false)
  expect(json('%proc.args %proc.is_args_truncated', exec(FULL, ''))['proc.is_args_truncated']).toBe(true)
  expect(json('%proc.args[0]', exec('-c\0'.concat('x'.repeat(4089)), ''))).toEqual({ 'proc.args[0]': '-c' })
})

test('a value whose argument ends at the limit counts as truncated; one byte less is complete', () => {
  expect(json('%proc.args', exec(`${'x'.repeat(4091)}\0`, ''))['proc.is_args_truncated']).toBe(true)
  expect(json('%proc.args', exec(`${'x'.repeat(4090)}\0`, ''))).toEqual({ 'proc.args': 'x'.repeat(4090) })
})

test('lines show a truncated value with dots at its end', () => {
  expect(printed(compileTemplate, '%proc.cmdline|', exec(FULL, ''))).toBe(`sh ${FULL}...|`)
  expect(printed(compileTemplate, '%proc.env|', exec('', `A=${'x'.repeat(4093)}`))).toBe(`A=${'x'.repeat(4093)}...|`)
  expect(printed(compileTemplate, '%proc.args|', WHOLE)).toBe('-c true|')
})

test('an unknown command line or environment is not reported as complete', () => {
  const unknown: RowSpec[] = [{ type: 'getppid', tid: 77 }]
  expect(ask('proc.is_args_truncated', unknown)).toBeUndefined()
  expect(ask('proc.is_env_truncated', unknown)).toBeUndefined()
  expect(ask('proc.is_env_truncated', [exec('-c\0', '')])).toBeUndefined()
  expect(ask('proc.is_args_truncated', [exec('', 'A=1\0')])).toBe(false)
  const spared = context({}, { ...info, spared: [NO_ARGS] })
  expect(ask('proc.is_args_truncated', [exec('', 'A=1\0')], spared)).toBeUndefined()
})
