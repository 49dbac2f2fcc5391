// A guest that systemd starts, from a root file system of a Debian release: for tests that a container does not allow: live captures need
// the machine's own pid namespace and systemd one of its own. `guest-steps.sh` contains the steps.
import { execFileSync } from 'node:child_process'
import { copyFileSync, createReadStream, createWriteStream, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { HOST_ARCH } from '../../src/setup/dist/arch.js'
import { kernel } from '../kernels/kernel.js'
import { KERNELS } from '../kernels/pins.js'
import { boot } from '../kernels/qemu.js'
import { debianRoot } from '../kernels/roots.js'

const STEPS = new URL('guest-steps.sh', import.meta.url).pathname
/** excluded from the root: the kernel unpacks all of it into memory */
const LEFT_OUT = ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/locale', 'usr/share/man']

/** The recorder's limits where everything takes many times as long. */
const SLOW = '[Service]\nTimeoutStartSec=900\nWatchdogSec=600\n'

const UNIT = `[Unit]
Description=Steps of a test
After=multi-user.target

[Service]
ExecStart=/bin/sh /test/steps
`

/** Runs the steps on a release with its own kernel; files: the contents of /test. The folder with the results of each. */
export async function stepsOn(release: string, dir: string, files: readonly string[]): Promise<string> {
  const pin = KERNELS.find((k) => k.suite === release && k.arch === HOST_ARCH)
  if (pin === undefined) throw new Error(`pins.ts has no kernel of ${release} for ${HOST_ARCH}`)
  const own = join(dir, release)
  const [{ file }, tree] = await Promise.all([kernel(pin), debianRoot(release, ['systemd', 'systemd-sysv', 'dbus'])])
  const over = join(own, 'over')
  const units = join(over, 'etc/systemd/system')
  for (const folder of ['multi-user.target.wants', 'ksys-record.service.d'])
    mkdirSync(join(units, folder), { recursive: true })
  for (const folder of ['test', 'out']) mkdirSync(join(over, folder))
  writeFileSync(join(units, 'ksys-record.service.d/slow.conf'), SLOW)
  symlinkSync('/sbin/init', join(over, 'init'))
  symlinkSync('../steps.service', join(units, 'multi-user.target.wants/steps.service'))
  // nobody logs in, and its output would be among the results
  symlinkSync('/dev/null', join(units, 'serial-getty@.service'))
  writeFileSync(join(units, 'steps.service'), UNIT)
  copyFileSync(STEPS, join(over, 'test/steps'))
  for (const f of files) copyFileSync(f, join(over, 'test', f.slice(f.lastIndexOf('/') + 1)))
  const archive = join(own, 'guest.cpio')
  for (const [i, part] of [
    packed(tree, join(own, 'root.cpio'), LEFT_OUT),
    packed(over, join(own, 'over.cpio')),
  ].entries())
    await pipeline(createReadStream(part), createWriteStream(archive, { flags: i === 0 ? 'w' : 'a' }))
  const machine = ['-m', '2500', '-smp', '2']
  const guest = { arch: HOST_ARCH, kernel: file, archive, machine, seconds: 3600, idle: false }
  return boot(guest, own)
}

/** Packs a tree as the kernel unpacks it. */
function packed(tree: string, to: string, leftOut: readonly string[] = []): string {
  const pruned = leftOut.map((path) => `-path ./${path} -prune -o`).join(' ')
  execFileSync('sh', ['-c', `find . ${pruned} -print | cpio -o -H newc -R 0:0 --quiet > "$1"`, 'pack', to], {
    cwd: tree,
  })
  return to
}
