// The native walk over .scap blocks under the address and undefined-behaviour sanitizers, shortly; scap-fold.sh does more.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { root } from '../helpers/ksys.js'

const compiler = process.env.CXX ?? 'c++'
const flags = ['-xc++', '-fsanitize=address,undefined', '-o', '/dev/null', '-']
const sanitizers = spawnSync(compiler, flags, { input: 'int main() {}' })

test.skipIf(sanitizers.status !== 0)('damaged event blocks and compressed data', () => {
  const ran = spawnSync('sh', [`${root}test/fuzz/scap-fold.sh`, '500', '7'], { encoding: 'utf8' })
  expect(ran.stderr).toBe('')
  expect(ran.stdout).toBe('500 rounds\n')
})
