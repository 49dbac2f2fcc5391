// Command lines and environments that are longer than the recorded part: live, from a file, and from several.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = scratchDir('truncated')
/** Runs true with 10,000 characters as an argument, and as a variable. */
const SCRIPT = 'x=$(printf %10000s x); env -i A="$x" /bin/true short; /bin/true "$x"; exit 0'
const FORMAT = '%proc.cmdline %proc.env %proc.is_env_truncated'
const FILTER = 'evt.type=execve and evt.failed=false and proc.name=true'

const marksOf = (stdout: string) =>
  stdout
    .split('\n')
    .filter((l) => l !== '')
    .map((l) => JSON.parse(l) as Record<string, unknown>)
    .map((r) => [r['proc.is_args_truncated'], r['proc.is_env_truncated']])

test.runIf(privileged())('truncated values are marked live and from files, and their text ends with dots', () => {
  const file = (n: number) => join(dir, `${n}.ksys`)
  const live = ksys(['-j', '-p', FORMAT, FILTER, '--', 'env', '-i', 'sh', '-c', SCRIPT])
  const expected = [
    [undefined, true],
    [true, false],
  ]
  expect(marksOf(live.stdout)).toEqual(expected)
  for (const n of [1, 2]) expect(ksys(['-w', file(n), '--', 'env', '-i', 'sh', '-c', SCRIPT]).code).toBe(0)
  expect(marksOf(ksys(['-r', file(1), '-j', '-p', FORMAT, FILTER]).stdout)).toEqual(expected)
  expect(marksOf(ksys(['-r', file(1), '-r', file(2), '-j', '-p', FORMAT, FILTER]).stdout)).toEqual([
    ...expected,
    ...expected,
  ])
  const merged = join(dir, 'merged.ksys')
  expect(ksys(['merge', file(1), file(2), '--host', 'a', '--host', 'b', '-w', merged]).stderr).toBe('')
  expect(marksOf(ksys(['-r', merged, '-j', '-p', FORMAT, FILTER]).stdout).sort()).toEqual(
    [...expected, ...expected].sort(),
  )
  const text = ksys(['-r', file(1), '-p', '%proc.cmdline|', FILTER]).stdout.split('\n')
  expect(text.map((l) => l.endsWith('...|'))).toEqual([false, true, false])
  const commands = ksys(['-r', file(1), '-j', '-c', 'execsnoop'])
    .stdout.trim()
    .split('\n')
  const cut = commands.map((l) => JSON.parse(l) as Record<string, unknown>).filter((r) => r.truncated === true)
  expect(cut.filter((r) => String(r.command).startsWith('/bin/true'))).toHaveLength(1)
})
