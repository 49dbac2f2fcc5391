// captures/trim.mjs, which removes what belongs to the recording machine from a recorded capture.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('trim')

function trimmed(from: string): string {
  const to = join(dir, 'trimmed.ksys')
  execFileSync(process.execPath, [join(root, 'captures/trim.mjs'), from, to], { stdio: 'pipe' })
  return to
}
const events = (path: string) => ksys(['-r', path, '-j']).stdout
const blocks = (path: string) => ksys(['info', path]).stdout.split('\n').slice(1)

test('a capture that was trimmed before stays as it is', () => {
  const shell = join(root, 'captures/shell.ksys')
  const copy = trimmed(shell)
  expect(events(copy)).toBe(events(shell))
  expect(blocks(copy)).toEqual(blocks(shell))
})

test('a trimmed capture starts with the first program that was started in it', () => {
  const part = join(dir, 'part.ksys')
  expect(ksys(['cut', join(root, 'captures/build.ksys'), '-w', part, '--since', '500']).code).toBe(0)
  const started = ['evt.type=execve', 'and', 'evt.failed=false']
  const [first] = ksys(['-r', part, '-n', '1', '-p', '%proc.cmdline', ...started]).stdout.split('\n')
  expect(ksys(['-r', trimmed(part), '-n', '1', '-p', '*%evt.type %proc.cmdline']).stdout).toBe(`execve ${first}\n`)
})
