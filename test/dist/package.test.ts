// The npm package with addons for both processors, installed without a compiler, a script or another package.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { HOST_ARCH } from '../../src/setup/dist/arch.js'
import { npmNode } from '../../src/setup/dist/npm.js'
import { DIST, VERSION } from '../../src/setup/dist/places.js'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { NODES } from '../kernels/pins.js'
import { BUILT, run } from './built.js'
import '../helpers/registry.js'

const dir = BUILT ? scratchDir('package') : ''
const installed = join(dir, 'lib/node_modules/ksys')
/** the maximum of its bytes once it is installed */
const MOST = 16_000_000

describe.skipIf(!BUILT)('the npm package for all processors', () => {
  beforeAll(() => {
    const words = ['install', '-g', '--offline', '--prefix', dir, join(DIST, `ksys-${VERSION}.tgz`)]
    execFileSync('npm', [...words, '--no-audit', '--no-fund', '--loglevel=error'])
  }, 300_000)

  test('contains all that it needs, runs nothing when it is installed, and is small', () => {
    const { scripts, devDependencies, cpu } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    expect({ scripts, devDependencies }).toEqual({})
    expect(readdirSync(join(dir, 'lib/node_modules'))).toEqual(['ksys'])
    for (const arch of cpu) expect(existsSync(join(installed, `.build/native/linux-${arch}/ksys.node`))).toBe(true)
    expect(existsSync(join(installed, 'NOTICES'))).toBe(true)
    const files = readdirSync(installed, { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
    const bytes = files.reduce((sum, e) => sum + statSync(join(e.parentPath, e.name)).size, 0)
    expect(bytes).toBeLessThan(MOST)
  })

  for (const version of NODES)
    test(`reads and captures with Node ${version}`, async () => {
      const node = await npmNode(version, HOST_ARCH)
      const main = join(installed, '.build/js/src/main.js')
      const trace = `${root}captures/build.ksys`
      expect(run(node, [main, '-r', trace])).toEqual(ksys(['-r', trace], { env: { TZ: 'UTC' } }))
      expect(run(node, [main, '-r', trace, '-c', 'topprocs_cpu'])).toEqual(ksys(['-r', trace, '-c', 'topprocs_cpu']))
      if (!privileged()) return
      const ran = run(node, [main, '-p', '%evt.type', 'evt.type=execve', '--', '/bin/true'])
      expect(ran).toEqual({ code: 0, stdout: 'execve\n', stderr: '' })
    })

  test('has the types for user-defined chisels', () => {
    writeFileSync(
      join(dir, 'mine.ts'),
      `import { defineChisel } from 'ksys/chisel'
       export default defineChisel({ description: 'x', category: 'Misc', fields: { t: 'evt.type' }, hooks: (c) => ({ event: (v) => c.print(v.t ?? '') }) })`,
    )
    const words = [
      '--noEmit',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--strict',
      '--skipLibCheck',
      '--types',
      'node',
    ]
    const config = ['--typeRoots', `${root}node_modules/@types`, '--ignoreConfig']
    execFileSync('ln', ['-s', 'lib/node_modules', join(dir, 'node_modules')])
    const tsc = spawnSync(
      process.execPath,
      [`${root}node_modules/typescript/bin/tsc`, ...words, ...config, 'mine.ts'],
      {
        cwd: dir,
        encoding: 'utf8',
      },
    )
    expect(tsc.stdout).toBe('')
  })
})
