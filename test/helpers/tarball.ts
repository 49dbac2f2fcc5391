// The npm package of the checkout, once for all tests of a run that install it: the modules as they are shipped, with the checkout's addon.
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './ksys.js'

const run = promisify(execFile)

const PACK = 'test -e packed || { "$@" . && touch packed; }'
/** Before a program that takes processors only if no other program needs them. */
const IDLE = ['chrt', '--idle', '0']

const PACKER = join(root, '.build/js/src/setup/dist/checkout-package.js')

/**
 * The path of the package. The first caller of a test run creates it; the others, also in other processes, wait for it. The
 * run's folder belongs to test/vitest.config.ts, which removes it at the end. idle: nothing waits for it, and other tests count and compare
 * meanwhile.
 */
export async function tarball(idle = false): Promise<string> {
  const dir = join(process.env.KSYS_TEST_RUN as string, 'package')
  mkdirSync(dir, { recursive: true })
  const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !k.startsWith('npm_')))
  const packer = [...(idle ? IDLE : []), process.execPath, PACKER]
  await run('flock', [join(dir, 'lock'), 'sh', '-c', PACK, 'sh', ...packer], {
    cwd: dir,
    env,
    maxBuffer: 1 << 26,
  })
  return join(dir, readdirSync(dir).find((f) => f.endsWith('.tgz')) as string)
}
