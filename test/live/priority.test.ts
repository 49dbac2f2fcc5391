// The scheduling of ksys and of the commands that it starts: a recorder runs before others, what it records runs as without it.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { main, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = scratchDir('priority')
/** Prints the kernel's data of itself and of ksys, once ksys has its priority (policy 2), which it sets first. */
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

describe.skipIf(!privileged())('scheduling priorities', () => {
  const ordinary = { nice: 0, policy: 0 }

  test('a capture into a trace has a high priority, so that nothing is lost among busy programs, and the command an ordinary one', () => {
    expect(priorities('w', [], ['--no-container-metadata', '-w', join(dir, 't.ksys')])).toEqual([
      ordinary,
      { nice: -10, policy: 0 },
    ])
  })

  test('a capture into memory has a high priority too', () => {
    const recorder = ['record', '--no-container-metadata', '-q', '--last', '60s', '-w', join(dir, 'r.ksys')]
    expect(priorities('r', [], recorder)).toEqual([ordinary, { nice: -10, policy: 0 }])
  })

  test('without a trace ksys has an ordinary priority too', () => {
    expect(priorities('q', [], ['-q'])).toEqual([ordinary, ordinary])
  })

  test('a priority that the user has set is unchanged', () => {
    const chosen = { nice: 5, policy: 0 }
    expect(priorities('n', ['nice', '-n', '5'], ['--no-container-metadata', '-w', join(dir, 'n.ksys')])).toEqual([
      chosen,
      chosen,
    ])
  })
})
