// The Debian package for a processor: the tree with its Node in /usr/lib/ksys, and around it the command, its manual page and
// completions, and the recorder's unit. `deb/` has what is written by hand.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Arch } from './arch.js'
import { type Commit, lastCommit } from './commit.js'
import { DIST, VERSION, WORK } from './places.js'
import { ROOT } from './root.js'
import { run } from './run.js'

const HAND = join(ROOT, 'src/setup/dist/deb')
const MAIN = 'usr/lib/ksys/.build/js/src/main.js'
/** Links with where they lead to: the program knows by the name that it was called by what it is. */
const LINKS = [
  ['usr/bin/kubectl-ksys', 'ksys'],
  ['usr/lib/ksys/bin/ksys', '../.build/js/src/main.js'],
  ['usr/lib/ksys/bin/kubectl-ksys', '../.build/js/src/main.js'],
  ['usr/share/man/man1/kubectl-ksys.1.gz', 'ksys.1.gz'],
] as const
const RUN = /\/usr\/(bin\/ksys|lib\/ksys\/bin\/node)$/
const SCRIPTS = ['postinst', 'prerm', 'postrm'] as const

/** A file of the package, by its path there; run: it may be executed. */
interface Packed {
  readonly to: string
  readonly bytes: Buffer | string
  readonly run?: boolean
}

/** What goes into a package. */
export interface DebContents {
  readonly arch: Arch
  /** the folder of the tree (tree.ts), and the Node that runs it */
  readonly tree: string
  readonly node: string
  /** the licences of all that is in it, as text */
  readonly notices: string
}

export const debPath = (arch: Arch): string => join(DIST, `ksys_${VERSION}_${arch}.deb`)

/** Makes the package; its path. */
export async function makeDeb(contents: DebContents): Promise<string> {
  const { arch } = contents
  const root = join(WORK, `deb-${arch}`)
  rmSync(root, { recursive: true, force: true })
  const commit = lastCommit()
  cpSync(contents.tree, join(root, 'usr/lib/ksys'), { recursive: true })
  // the licences are in the folder that Debian has for them
  for (const file of ['LICENSE', 'NOTICES']) rmSync(join(root, 'usr/lib/ksys', file), { force: true })
  // it is no program by itself here, which would ask for Debian's Node
  put(root, { to: MAIN, bytes: readFileSync(join(root, MAIN), 'utf8').replace(/^#!.*\n/, '') })
  mkdirSync(join(root, 'usr/lib/ksys/bin'))
  copyFileSync(contents.node, join(root, 'usr/lib/ksys/bin/node'))
  for (const file of [...byHand(), ...made(contents, commit)]) put(root, file)
  setModes(root)
  for (const [link, to] of LINKS) symlinkSync(to, join(root, link))
  const size = Math.ceil(filesBelow(root).reduce((sum, f) => sum + statSync(join(root, f)).size, 0) / 1024)
  const control = filled({ VERSION, ARCH: arch, MAINTAINER: commit.author, SIZE: String(size) })
  const sums = filesBelow(root).map((f) => `${md5(readFileSync(join(root, f)))}  ${f}\n`)
  put(root, { to: 'DEBIAN/control', bytes: control })
  put(root, { to: 'DEBIAN/conffiles', bytes: '/etc/ksys/record.conf\n' })
  put(root, { to: 'DEBIAN/md5sums', bytes: sums.join('') })
  for (const name of SCRIPTS) put(root, { to: `DEBIAN/${name}`, bytes: hand(name), run: true })
  setTimes(root, commit.time)
  const to = debPath(arch)
  const build = ['dpkg-deb', '--root-owner-group', '-Zxz', '--build', root, to]
  await run('env', [`SOURCE_DATE_EPOCH=${commit.time}`, ...build])
  return to
}

const hand = (name: string): Buffer => readFileSync(join(HAND, name))
const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex')
/** The smallest file, without the time at which it was made. */
const gz = (text: string | Buffer): Buffer => gzipSync(text, { level: 9 })

function filled(values: Readonly<Record<string, string>>): string {
  return hand('control')
    .toString()
    .replace(/@([A-Z]+)@/g, (_, name: string) => values[name] as string)
}

function byHand(): Packed[] {
  return [
    { to: 'usr/bin/ksys', bytes: hand('ksys'), run: true },
    { to: 'etc/ksys/record.conf', bytes: hand('record.conf') },
    { to: 'usr/lib/systemd/system/ksys-record.service', bytes: hand('ksys-record.service') },
    { to: 'usr/share/doc/ksys/copyright', bytes: hand('copyright') },
    { to: 'usr/share/lintian/overrides/ksys', bytes: hand('lintian-overrides') },
  ]
}

/** What this ksys tells of itself, and Debian's papers. */
function made({ notices }: DebContents, { author, date }: Commit): Packed[] {
  const changelog = `ksys (${VERSION}) unstable; urgency=medium\n\n  * What is new is in CHANGELOG.md.gz beside this file.\n\n -- ${author}  ${date}\n`
  return [
    { to: 'usr/share/man/man1/ksys.1.gz', bytes: gz(told('--man')) },
    { to: 'usr/share/bash-completion/completions/ksys', bytes: told('--completion', 'bash') },
    { to: 'usr/share/zsh/vendor-completions/_ksys', bytes: told('--completion', 'zsh') },
    { to: 'usr/share/fish/vendor_completions.d/ksys.fish', bytes: told('--completion', 'fish') },
    { to: 'usr/share/doc/ksys/NOTICES.gz', bytes: gz(notices) },
    { to: 'usr/share/doc/ksys/changelog.gz', bytes: gz(changelog) },
    { to: 'usr/share/doc/ksys/CHANGELOG.md.gz', bytes: gz(readFileSync(join(ROOT, 'CHANGELOG.md'))) },
  ]
}

/** What the checkout's own ksys prints, for a user without settings. */
function told(...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', LC_ALL: 'C.UTF-8' }
  return execFileSync(process.execPath, [join(ROOT, '.build/js/src/main.js'), ...args], { encoding: 'utf8', env })
}

function put(root: string, { to, bytes, run = false }: Packed): void {
  const path = join(root, to)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
  chmodSync(path, run ? 0o755 : 0o644)
}

/** All files below a folder, by paths from there, sorted. */
function filesBelow(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return entries.flatMap((e) => (e.isFile() ? [join(e.parentPath, e.name).slice(root.length + 1)] : [])).sort()
}

/** What is executed are Node and the command; nobody but root changes anything. */
function setModes(root: string): void {
  for (const e of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(e.parentPath, e.name)
    const runs = e.isDirectory() || RUN.test(path)
    chmodSync(path, runs ? 0o755 : 0o644)
  }
  chmodSync(root, 0o755)
}

/** time: s since the epoch. */
function setTimes(root: string, time: number): void {
  for (const e of readdirSync(root, { recursive: true, withFileTypes: true }))
    lutimesSync(join(e.parentPath, e.name), time, time)
  lutimesSync(root, time, time)
}
