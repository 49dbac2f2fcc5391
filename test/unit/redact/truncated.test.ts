// A command line or environment that was truncated when recorded stays marked after redaction, whatever its length.
import { writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { ABI } from '../../../src/schema/abi.js'
import { TraceWriter } from '../../../src/trace/index.js'
import { ksys } from '../../helpers/ksys.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { INFO, scratch } from '../../helpers/trace.js'
import { shell, thread } from '../state/world.js'

const at = scratch()
const SECRET = 'hunter2hunter2'
/** `sh`, its NUL and these are as many bytes as are recorded when a program starts. */
const CUT_ARGS = `-p\0${SECRET}\0`.padEnd(ABI.KSYS_MAX_ARGS - 3, 'x')
const CUT_ENV = `T=${SECRET}\0A=`.padEnd(ABI.KSYS_MAX_ARGS, 'x')

const exec = (tid: number, args: string, env: string): RowSpec => ({
  ...{ type: 'execve', tid, ret: 0 },
  params: { res: 0, exe: 'sh', args, env, tid, pid: tid, comm: 'sh', filename: '/bin/sh' },
})
const rows: RowSpec[] = [
  exec(201, CUT_ARGS, `T=${SECRET}\0`),
  exec(202, `-p\0${SECRET}\0`, CUT_ENV),
  // it has the values of its parent
  {
    type: 'clone',
    tid: 201,
    ret: 301,
    params: { res: 301, exe: 'sh', args: CUT_ARGS, tid: 201, pid: 201, comm: 'sh' },
  },
  ...[201, 202, 203, 204, 301].map((tid) => ({ type: 'getppid', tid })),
]
const full = 'x'.repeat(ABI.KSYS_MAX_ENV - 2 - SECRET.length - 1 - 2)
const before = [
  thread(201),
  thread(202),
  thread(203, { exe: 'sh', args: ['-p', SECRET], env: [`T=${SECRET}`, `A=${full}`] }),
  thread(204, { exe: 'sh', args: ['-p', SECRET], env: [`T=${SECRET}`] }),
]

const whole = at('whole.ksys')

beforeAll(async () => {
  const started = shell()
  const existing = { ...started, threads: [...started.threads, ...before] }
  const writer = await TraceWriter.open(whole, { info: INFO, existing })
  await writer.write(makeBatch(rows.map((row, i) => ({ num: i + 1, ...row }))))
  await writer.close({ events: rows.length, lost: 0, late: 0 })
})

function rules(text: string): string {
  const file = at('rules')
  writeFileSync(file, `${text}\n`)
  return file
}

/** By process, whether its command line and its environment were truncated. */
function marksOf(...words: string[]): Record<string, readonly unknown[]> {
  const format = '*%thread.tid %proc.is_args_truncated %proc.is_env_truncated'
  const run = ksys([...words, '-j', '-p', format, 'evt.type=getppid'])
  expect(run.stderr).toBe('')
  const lines = run.stdout.trim().split('\n')
  return Object.fromEntries(
    lines.map((l) => {
      const v = JSON.parse(l) as Record<string, unknown>
      return [`${v['thread.tid']}`, [v['proc.is_args_truncated'], v['proc.is_env_truncated']]]
    }),
  )
}

const CUT = { 201: [true, false], 202: [false, true], 203: [false, true], 204: [false, false], 301: [true, false] }

test('the capture has the marks', () => {
  expect(marksOf('-r', whole)).toEqual(CUT)
})

test.each([
  ['shorter', `* mask /${SECRET}/`],
  ['longer', '* hash /p/'],
  ['another program', 'proc.exe mask'],
  ['all of it', 'proc.args mask\nproc.env mask'],
])('redaction retains the marks: %s', (_, text) => {
  const out = at('out.ksys')
  expect(marksOf('-r', whole, '--redact', rules(text))).toEqual(CUT)
  expect(ksys(['redact', whole, '-w', out, '--redact', rules(text)])).toMatchObject({ code: 0, stderr: '' })
  expect(marksOf('-r', out)).toEqual(CUT)
  // the file that is written again, and from its middle
  const again = at('again.ksys')
  expect(ksys(['redact', out, '-w', again, '--redact', rules('proc.env mask /x/')]).code).toBe(0)
  expect(marksOf('-r', again)).toEqual(CUT)
})

test('lines of the capture end with dots', () => {
  const run = ksys(['-r', whole, '--redact', rules(`* mask /${SECRET}/`), '-p', '%proc.args|', 'evt.type=getppid'])
  expect(run.stdout.split('\n').map((l) => l.endsWith('...|'))).toEqual([true, false, false, false, true, false])
})

test('omitted values are not marked', () => {
  const out = at('bare.ksys')
  const masked = at('masked.ksys')
  expect(ksys(['redact', whole, '-w', masked, '--redact', rules(`* mask /${SECRET}/`)]).code).toBe(0)
  for (const file of [whole, masked]) {
    expect(ksys(['redact', file, '-w', out, '--no-args', '--no-env']).code).toBe(0)
    for (const marks of Object.values(marksOf('-r', out))) expect(marks).toEqual([null, null])
  }
})
