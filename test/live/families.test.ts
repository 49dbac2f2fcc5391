// A program per family of calls performs them and says what must have been seen; ksys must have seen exactly that.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CALLS, isGeneric } from '../../src/schema/events/index.js'
import { ksys, privileged, root } from '../helpers/ksys.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-live-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

interface Seen {
  type: string
  ret: number | null
  args: string
  latency: number | null
  name: string
}

interface Said {
  type: string
  ret: number
  args: string[]
}

/** Compiles and runs a program under ksys; what it said and what was recorded, read back from the trace file. */
function perform(program: string): { said: Said[]; seen: Seen[] } {
  const exe = join(dir, program)
  execFileSync('cc', ['-O1', '-o', exe, join(root, 'test/live/programs', `${program}.c`)], { stdio: 'pipe' })
  const said = join(dir, `${program}.said`)
  const trace = join(dir, `${program}.ksys`)
  const ran = ksys(['--no-container-metadata', '-s', '200', '-w', trace, '--', exe], { env: { SAID: said } })
  expect(ran.stderr).toBe('')
  expect(ran.code).toBe(0)
  const read = ksys([...['-r', trace, '-v', '-j', '-p', '*%evt.type %evt.rawres %evt.args %evt.latency %proc.name']])
  expect(read.code).toBe(0)
  const seen = read.stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const o = JSON.parse(line)
      return {
        type: o['evt.type'],
        ret: o['evt.rawres'],
        args: o['evt.args'],
        latency: o['evt.latency'],
        name: o['proc.name'],
      }
    })
  const lines = readFileSync(said, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [type, ret, ...args] = line.split('\t')
      return { type: type as string, ret: Number(ret), args: args.filter((a) => a !== '') }
    })
  return { said: lines, seen }
}

const tracepoints = new Set(['procexit', 'signaldeliver', 'exit_group', 'exit'])
/** Calls that two processes make at the same time: their order is not said. */
const concurrent = new Set(['vfork'])
const holds = (args: string, arg: string) => ` ${args} `.includes(` ${arg} `)

/** What the program said and ksys did not record, in the program's order; each with the nearest candidates. */
function missing(said: Said[], seen: Seen[]): string[] {
  const out: string[] = []
  let from = 0
  for (const want of said) {
    const fits = (s: Seen) =>
      s.type === want.type &&
      (tracepoints.has(want.type) || s.ret === null || s.ret === want.ret) &&
      want.args.every((a) => holds(s.args, a))
    const at = seen.findIndex((s, i) => i >= from && fits(s))
    if (at >= 0) {
      if (!tracepoints.has(want.type) && !concurrent.has(want.type)) from = at + 1
      continue
    }
    const near = seen.filter((s) => s.type === want.type && s.ret === want.ret)
    out.push(
      `${want.type} ret=${want.ret} ${want.args.join(' | ')}\n  seen: ${near
        .map((s) => s.args)
        .slice(0, 4)
        .join('\n        ')}`,
    )
  }
  return out
}

const PROGRAMS = ['files', 'io', 'network', 'process', 'memory', 'mounts', 'control', 'i386', 'waits']

test('a program acts out every call that has an event of its own', () => {
  const acted = new Set<string>()
  for (const program of PROGRAMS) {
    const source = readFileSync(join(root, 'test/live/programs', `${program}.c`), 'utf8')
    for (const [, name = ''] of source.matchAll(/\bsay\("([a-z0-9_]+)"/g)) acted.add(name)
  }
  const names = CALLS.filter((d) => !isGeneric(d.code)).map((d) => d.name)
  expect(names.filter((n) => !acted.has(n))).toEqual([])
})

describe.skipIf(!privileged())('what a program did is what ksys recorded', () => {
  beforeAll(() => expect(privileged()).toBe(true))
  for (const program of PROGRAMS)
    test(program, { timeout: 60_000 }, () => {
      const { said, seen } = perform(program)
      expect(said.length).toBeGreaterThan(10)
      expect(missing(said, seen).join('\n')).toBe('')
      // its number is behind those of 64-bit calls: a 64-bit program that uses it makes no call of that name
      expect(seen.filter((s) => s.type === 'break')).toEqual([])
      const calls = seen
        .slice(seen.findIndex((s) => s.type === 'execve'))
        .filter((s) => !['procexit', 'signaldeliver', 'exit_group', 'exit', 'drop'].includes(s.type))
      expect(calls.filter((s) => s.latency === null && s.type !== 'execve').map((s) => s.type)).toEqual([])
    })
})
