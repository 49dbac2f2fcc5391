// ksys with the C libraries of Debian's releases and the oldest supported Node: it loads, and the captured events are what
// a program printed that it did. Part of `npm run kernels`.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOST_ARCH } from '../../src/setup/dist/arch.js'
import { npmNode } from '../../src/setup/dist/npm.js'
import { accountLines, missing } from '../helpers/account.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { program } from './initramfs.js'
import { has } from './lacking.js'
import { installed } from './packed.js'
import { ROOTS, ROOTS_NODE } from './pins.js'
import { debianRoot, inRoot } from './roots.js'
import { recorded } from './step.js'
import { Report } from './table.js'
import '../helpers/registry.js'

const WANTED = process.env.KSYS_KERNELS
const title = (root: string) => `Debian ${root}, Node ${ROOTS_NODE}`
const ROOTS_WANTED =
  WANTED === undefined
    ? []
    : ROOTS.filter((r) => WANTED === 'all' || WANTED.split(' ').every((w) => title(r).includes(w)))
const reason = !privileged() ? 'only root may' : has('debootstrap') ? undefined : 'debootstrap missing'

const dir = ROOTS_WANTED.length > 0 ? scratchDir('roots') : ''
const NAMES = ['loads', 'reads a trace', '-w, -r', '-- CMD']
const report = new Report('roots', ROOTS, ['release', 'C library', 'Node', 'Linux'], NAMES)
afterAll(() => {
  if (ROOTS_WANTED.length > 0) report.write()
})

const KSYS = ['/mnt/node', '/mnt/node_modules/ksys/.build/js/src/main.js']

describe.skipIf(ROOTS_WANTED.length === 0 || reason !== undefined)(
  `root file systems of Debian${reason ? ` are left out: ${reason}` : ''}`,
  () => {
    beforeAll(async () => {
      await installed(dir)
      copyFileSync(await npmNode(ROOTS_NODE, HOST_ARCH), join(dir, 'node'))
      await program('known', HOST_ARCH, join(dir, 'known'))
    }, 300_000)

    for (const name of ROOTS_WANTED) {
      describe(title(name), () => {
        let tree: string
        beforeAll(async () => {
          report.begin(name, [name, '?', String(ROOTS_NODE), release()])
          tree = await debianRoot(name)
          const library = inRoot(tree, dir, ['ldd', '--version']).stdout.split('\n')[0]?.split(' ').at(-1) ?? '?'
          const node = inRoot(tree, dir, ['/mnt/node', '--version']).stdout.trim()
          report.begin(name, [name, library, node, release()])
        }, 600_000)
        const passes = (what: string, check: () => void) =>
          test(what, () => {
            check()
            report.pass(name, what)
          })

        passes('loads', () => {
          const ran = inRoot(tree, dir, [...KSYS, 'info', '--host'])
          expect(ran.stderr).toBe('')
          expect(ran.stdout).toMatch(/^capture +possible$/m)
        })

        passes('reads a trace', () => {
          const capture = '/mnt/node_modules/ksys/captures/shell.ksys'
          const ran = inRoot(tree, dir, [...KSYS, '-r', capture, '-n', '20'])
          expect(ran).toEqual(ksys(['-r', join(dir, capture.slice('/mnt/'.length)), '-n', '20']))
        })

        passes('-w, -r', () => {
          const trace = `${name}.ksys`
          const words = ['--no-container-metadata', '-w', `/mnt/${trace}`, '--', '/mnt/known']
          const ran = inRoot(tree, dir, [...KSYS, ...words], { SAID: `/mnt/${name}.said` })
          expect(ran).toEqual({ code: 0, stdout: '', stderr: '' })
          const said = accountLines(readFileSync(join(dir, `${name}.said`), 'utf8'))
          expect(said.length).toBeGreaterThan(50)
          expect(missing(said, recorded(join(dir, trace), [])).join('\n')).toBe('')
        })

        passes('-- CMD', () => {
          const words = ['--no-container-metadata', '-p', '%proc.name %evt.type', 'evt.type=pipe2', '--', '/mnt/known']
          const ran = inRoot(tree, dir, [...KSYS, ...words], { SAID: '/dev/null' })
          expect(ran).toEqual({ code: 0, stdout: 'known pipe2\n', stderr: '' })
        })

        afterAll(() => {
          expect(execFileSync('mount', { encoding: 'utf8' })).not.toContain(tree)
        })
      })
    }
  },
)
