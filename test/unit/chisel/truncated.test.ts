// Chisels that show command lines: one that was recorded in part ends with dots, and is marked in JSON.
import { expect, test } from 'vitest'
import { ABI } from '../../../src/schema/abi.js'
import { overRows } from '../../helpers/chisel.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, thread } from '../state/world.js'

const S = 1e9
const CUT = 'x'.repeat(ABI.KSYS_MAX_ARGS - 'make'.length - 1)
const exec = (tid: number, args: string): RowSpec => ({
  ...{ type: 'execve', tid, ret: 0, time: tid },
  params: { res: 0, exe: 'make', args, env: 'A=1\0', tid, pid: tid, ptid: 100, comm: 'make', filename: '/bin/make' },
})
const exit = (tid: number): RowSpec => ({
  ...{ type: 'procexit', tid, time: S + tid },
  params: { status: 0, ret: 0, sig: 0, core: 0 },
})
const rows = [exec(201, CUT), exec(202, 'all\0'), exit(201), exit(202)]
const base = shell()
const snapshot = { ...base, threads: [...base.threads, ...[201, 202].map((tid) => thread(tid, { ptid: 100 }))] }

test.each([
  ['execsnoop', []],
  ['execsnoop', ['end']],
  ['proc_exec_time', []],
  ['spy_users', []],
])('%s %s', async (name, words) => {
  const seen = await overRows(name, rows, { snapshot, words })
  const ends = seen.lines.slice(-2).map((l) => l.slice(-6))
  expect(ends[0]).toBe('xxx...')
  expect(ends[1]).toMatch(/ all$/)
  expect(seen.values.map((v) => v.truncated)).toEqual([true, undefined])
})
