// The decoders of the addon, with the address and undefined-behaviour sanitizers, briefly; the scripts can do more.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { root } from '../helpers/ksys.js'
import { SEED } from './damage.js'

const compiler = process.env.CXX ?? 'c++'
const flags = ['-xc++', '-fsanitize=address,undefined', '-o', '/dev/null', '-']
const sanitizers = spawnSync(compiler, flags, { input: 'int main() {}', timeout: 60_000 })

/** On a busy machine the compiler takes long, in milliseconds. */
const LONG = 300_000

async function run(script: string, rounds: number): Promise<{ stdout: string; stderr: string }> {
  const ran = spawn('sh', [`${root}test/fuzz/${script}`, `${rounds}`, `${SEED}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONG,
  })
  const [stdout, stderr] = await Promise.all([text(ran.stdout), text(ran.stderr), once(ran, 'close')])
  return { stdout, stderr }
}

describe.skipIf(sanitizers.status !== 0)('the sanitizers find no error with damaged', () => {
  test.concurrent('.scap blocks and compressed data', { timeout: LONG }, async () => {
    expect(await run('scap-blocks.sh', 1000), `seed ${SEED}`).toEqual({ stdout: '1000 rounds\n', stderr: '' })
  })

  test.concurrent('trace blocks', { timeout: LONG }, async () => {
    const { stdout, stderr } = await run('trace-block.sh', 6000)
    expect(stderr, `seed ${SEED}`).toBe('')
    expect(stdout).toMatch(/^6000 rounds: [1-9]\d* read, [1-9]\d* refused\n$/)
  })
})
