// When ksys and the commands that it starts run: a recorder before others, what it records as it would without.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { main, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = scratchDir('priority')
/** Says of itself and of ksys what the kernel has, once ksys has begun, which it does before all others (policy 2). */
const TELL =
  'until [ "$(sed "s/.*) //" /proc/$PPID/stat | cut -d " " -f 39)" != 2 ]; do sleep 0.1; done; cat /proc/self/stat /proc/$PPID/stat > "$0"'

/** Nice value and policy (0: ordinary) of the command and of ksys. */
function priorities(name: string, prefix: string[], args: string[]): { nice: number; policy: number }[] {
  const to = join(dir, name)
  const [file = '', ...words] = [...prefix, process.execPath, main, ...args, '--', 'sh', '-c', TELL, to]
  const ran = spawnSync(file, words, { encoding: 'utf8', timeout: 100_000 })
  expect(ran.stderr).toBe('')
  expect(existsSync(to)).toBe(true)
  return readFileSync(to, 'utf8')
    .trimEnd()
    .split('\n')
    .map((stat) => {
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return { nice: Number(fields[16]), policy: Number(fields[38]) }
    })
}

describe.skipIf(!privileged())('priorities', () => {
  const ordinary = { nice: 0, policy: 0 }

  test('what is written to a trace is not to be lost among busy programs, and the command is an ordinary one', () => {
    expect(priorities('w', [], ['--no-container-metadata', '-w', join(dir, 't.ksys')])).toEqual([
      ordinary,
      { nice: -10, policy: 0 },
    ])
  })

  test('neither is what is kept in memory', () => {
    const recorder = ['record', '--no-container-metadata', '-q', '--last', '60s', '-w', join(dir, 'r.ksys')]
    expect(priorities('r', [], recorder)).toEqual([ordinary, { nice: -10, policy: 0 }])
  })

  test('without a trace ksys is an ordinary program too', () => {
    expect(priorities('q', [], ['-q'])).toEqual([ordinary, ordinary])
  })

  test('who chose a priority for ksys has it', () => {
    const chosen = { nice: 5, policy: 0 }
    expect(priorities('n', ['nice', '-n', '5'], ['--no-container-metadata', '-w', join(dir, 'n.ksys')])).toEqual([
      chosen,
      chosen,
    ])
  })
})
