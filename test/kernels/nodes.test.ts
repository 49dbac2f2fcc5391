// ksys as npm installs it on each supported Node: it reads, captures and counts as it does here. Part of `npm run kernels`.
import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOST_ARCH } from '../../src/setup/dist/arch.js'
import { npmNode } from '../../src/setup/dist/npm.js'
import { accountLines, missing } from '../helpers/account.js'
import { ksys, privileged, type Ran } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { program } from './initramfs.js'
import { installed } from './packed.js'
import { NODES } from './pins.js'
import { CAPTURE, recorded } from './step.js'
import { Report } from './table.js'
import '../helpers/registry.js'

const WANTED = process.env.KSYS_KERNELS
const title = (version: string) => `Node ${version}`
const CHOSEN =
  WANTED === undefined
    ? []
    : NODES.filter((v) => WANTED === 'all' || WANTED.split(' ').every((w) => title(v).includes(w)))

const dir = CHOSEN.length > 0 ? scratchDir('nodes') : ''
const NAMES = ['reads a trace', '-w, -r', '-- CMD', 'chisel']
const report = new Report('nodes', NODES, ['Node'], NAMES)
afterAll(() => {
  if (CHOSEN.length > 0) report.write()
})

describe.skipIf(CHOSEN.length === 0 || !privileged())('ksys installed by npm', () => {
  let main = ''
  const known = join(dir, 'known')
  const capture = () => join(main, '../../../../captures/shell.ksys')

  beforeAll(async () => {
    main = join(await installed(dir), '.build/js/src/main.js')
    await program('known', HOST_ARCH, known)
  }, 300_000)

  for (const version of CHOSEN) {
    describe(title(version), () => {
      const node = join(dir, `node-${version}`)

      function run(words: string[], env: NodeJS.ProcessEnv = {}): Ran {
        const ran = spawnSync(node, [main, ...words], {
          encoding: 'utf8',
          env: { ...process.env, ...env },
          timeout: 100_000,
        })
        return { stdout: ran.stdout, stderr: ran.stderr, code: ran.status ?? -1 }
      }

      beforeAll(async () => {
        report.begin(version, [version])
        copyFileSync(await npmNode(version, HOST_ARCH), node)
        report.begin(version, [spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()])
      }, 600_000)

      const passes = (what: string, check: () => void) =>
        test(what, () => {
          check()
          report.pass(version, what)
        })

      passes('reads a trace', () => {
        const words = ['-r', capture(), '-n', '200']
        expect(run(words)).toEqual(ksys(words))
      })

      passes('-w, -r', () => {
        const [trace, said] = [join(dir, `${version}.ksys`), join(dir, `${version}.said`)]
        expect(run([CAPTURE, '-w', trace, '--', known], { SAID: said })).toEqual({ code: 0, stdout: '', stderr: '' })
        const lines = accountLines(readFileSync(said, 'utf8'))
        expect(lines.length).toBeGreaterThan(50)
        expect(missing(lines, recorded(trace, [])).join('\n')).toBe('')
      })

      passes('-- CMD', () => {
        const words = [CAPTURE, '-p', '%proc.name %evt.type', 'evt.type=pipe2', '--', known]
        expect(run(words, { SAID: '/dev/null' })).toEqual({ code: 0, stdout: 'known pipe2\n', stderr: '' })
      })

      passes('chisel', () => {
        const words = ['-r', capture(), '-c', 'topfiles_bytes']
        expect(run(words)).toEqual(ksys(words))
      })
    })
  }
})
