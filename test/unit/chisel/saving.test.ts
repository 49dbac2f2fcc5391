// Chisels that write a file: what keeps them from it is told before anything is read.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const trace = join(root, 'captures/web.ksys')
const out = join(scratchDir('saving'), 'out.ksys')

test.each([
  [['-c', 'around', out, 'evt.type=execve'], 'the chisel around is about what was recorded: ksys -r FILE -c around'],
  [['-r', trace, '-c', 'around', out], 'the chisel around needs a filter behind its arguments'],
  [['-r', trace, '-c', 'around', trace, 'evt.type=execve'], 'would overwrite the file that is read'],
  [['-r', '-', '-c', 'spy_logs', out], 'reads twice, which standard input cannot be: name a file'],
])('%j is refused', (args, why) => {
  const ran = ksys(args)
  expect([ran.code, ran.stdout]).toEqual([2, ''])
  expect(ran.stderr).toContain(why)
  expect(existsSync(out)).toBe(false)
})

test('nothing to save around is told, and no file is made', () => {
  const ran = ksys(['-r', trace, '-c', 'around', out, 'proc.name=nobody'])
  expect([ran.code, ran.stdout, existsSync(out)]).toEqual([0, '', false])
  expect(ran.stderr).toContain(`nothing was found to save events around: ${out} is not written`)
})
