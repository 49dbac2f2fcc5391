// A pinned kernel's file, from the cache or from Debian. If the suite has moved on it is the newest of the same series, and
// a note reports this.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cached, type DebianPackage, Suite } from '../../src/setup/dist/debian.js'
import type { Pin } from './pins.js'

export interface Kernel {
  file: string
  /** as printed by uname -r */
  release: string
  /** a note for the reader: another version than the pinned one; empty if none */
  note: string
}

const newer = (a: DebianPackage, b: DebianPackage): boolean =>
  spawnOk('dpkg', ['--compare-versions', a.version, 'gt', b.version])

function spawnOk(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const escaped = (text: string) => text.replace(/[.+]/g, '\\$&')

/** The pinned package (signed or not), or its replacement. */
async function choose(suite: Suite, pin: Pin): Promise<DebianPackage> {
  const name = pin.package.replace(/-unsigned$/, '')
  const exact = await suite.packages(`^${escaped(name)}(-unsigned)?$`)
  const pinned = exact.find((p) => p.version === pin.version)
  if (pinned) return pinned
  const series = pin.series === 'newest' ? '[0-9]+\\.[0-9]+' : escaped(pin.series)
  const others = await suite.packages(`^linux-image-${series}\\.[0-9].*-cloud-${pin.arch}(-unsigned)?$`)
  let best: DebianPackage | undefined
  for (const p of others) if (!best || newer(p, best)) best = p
  if (!best) throw new Error(`${pin.suite} has no Linux ${pin.series} for ${pin.arch} (pinned: ${pin.package})`)
  return best
}

/** Unpacks the kernel as TO/vmlinuz. Newer packages contain only their dependencies: the file is in linux-binary-*. */
async function unpackImage(suite: Suite, p: DebianPackage, to: string): Promise<void> {
  const [binary] = /\blinux-binary-[^ ]+/.exec(p.depends) ?? [p.name]
  await suite.unpack(binary, p.version, to, ['*/vmlinu[xz]*'])
  const image = readdirSync(to, { recursive: true, encoding: 'utf8' }).find((f) => /(^|\/)vmlinu[xz][^/]*$/.test(f))
  if (!image) throw new Error(`the package ${binary} of ${suite.name} holds no kernel`)
  renameSync(join(to, image), join(to, 'image'))
  writeFileSync(join(to, 'release'), p.name.replace(/^linux-image-/, '').replace(/-unsigned$/, ''))
}

/** Provides the kernel's file. The network is not used if it is in the cache. */
export async function kernel(pin: Pin): Promise<Kernel> {
  const dir = await cached(`${pin.suite}-${pin.package}_${pin.version}`, async (to) => {
    const suite = new Suite(pin.suite, pin.arch)
    const p = await choose(suite, pin)
    await unpackImage(suite, p, to)
    const moved = `${pin.package} ${pin.version} is no longer in ${pin.suite}: ${p.name} ${p.version} was taken`
    writeFileSync(join(to, 'note'), p.version === pin.version ? '' : moved)
  })
  const text = (name: string) => readFileSync(join(dir, name), 'utf8')
  return { file: join(dir, 'image'), release: text('release'), note: text('note') }
}
