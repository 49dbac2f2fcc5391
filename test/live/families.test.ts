// A program for each family of calls performs them and prints what must be recorded; ksys must have recorded exactly that.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { CALLS, isGeneric } from '../../src/schema/events/index.js'
import { accountLines, missing, type Said, type Seen } from '../helpers/account.js'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = privileged() ? scratchDir('live') : ''

interface Recorded extends Seen {
  latency: number | null
}

/** Compiles and runs a program under ksys; its own account and the recorded events, read back from the trace file. */
function perform(program: string): { said: Said[]; seen: Recorded[] } {
  const exe = join(dir, program)
  execFileSync('cc', ['-O1', '-o', exe, join(root, 'test/live/programs', `${program}.c`)], { stdio: 'pipe' })
  const account = join(dir, `${program}.said`)
  const trace = join(dir, `${program}.ksys`)
  const ran = ksys(['--no-container-metadata', '-s', '200', '-w', trace, '--', exe], { env: { SAID: account } })
  expect(ran.stderr).toBe('')
  expect(ran.code).toBe(0)
  const read = ksys([...['-r', trace, '-v', '-j', '-p', '*%evt.type %evt.rawres %evt.args %evt.latency']])
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
      }
    })
  return { said: accountLines(readFileSync(account, 'utf8')), seen }
}

const PROGRAMS = ['files', 'io', 'network', 'process', 'memory', 'mounts', 'control', 'i386', 'unknown', 'waits']

test('a program performs every call that has an event of its own', () => {
  const acted = new Set<string>()
  for (const program of PROGRAMS) {
    const source = readFileSync(join(root, 'test/live/programs', `${program}.c`), 'utf8')
    for (const [, name = ''] of source.matchAll(/\bsay\("([a-z0-9_]+)"/g)) acted.add(name)
  }
  const names = CALLS.filter((d) => !isGeneric(d.code)).map((d) => d.name)
  expect(names.filter((n) => !acted.has(n))).toEqual([])
})

describe.skipIf(!privileged())('ksys records what a program did', () => {
  beforeAll(() => expect(privileged()).toBe(true))
  for (const program of PROGRAMS)
    test(program, { timeout: 60_000 }, () => {
      const { said, seen } = perform(program)
      expect(said.length).toBeGreaterThan(10)
      expect(missing(said, seen).join('\n')).toBe('')
      // its number is after those of 64-bit calls: a 64-bit program that uses it makes no call with this name
      expect(seen.filter((s) => s.type === 'break')).toEqual([])
      const calls = seen
        .slice(seen.findIndex((s) => s.type === 'execve'))
        .filter((s) => !['procexit', 'signaldeliver', 'exit_group', 'exit', 'drop'].includes(s.type))
      expect(calls.filter((s) => s.latency === null && s.type !== 'execve').map((s) => s.type)).toEqual([])
    })
})
