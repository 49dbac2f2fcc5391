// Root file systems of Debian's releases, for programs that run with their C library on this machine's kernel.
import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { cached, mirror } from '../../src/setup/dist/debian.js'
import type { Ran } from '../helpers/ksys.js'

/** The release's smallest root file system, with additional packages, from the cache or from Debian. */
export function debianRoot(release: string, more: readonly string[] = []): Promise<string> {
  return cached(['root', release, ...more].join('-'), async (to) => {
    const { uri, keyring } = mirror()
    const options = [
      ...(keyring ? [`--keyring=${keyring}`] : []),
      ...(more.length > 0 ? [`--include=${more.join(',')}`] : []),
    ]
    await promisify(execFile)('debootstrap', ['--variant=minbase', ...options, release, to, uri], {
      maxBuffer: 1 << 26,
    })
  })
}

// In a mount namespace of its own, which ends with its last process: nothing remains to be unmounted, and the tree is unchanged.
const ENTER = `set -e
tree=$1 shared=$2; shift 2
mount --bind "$tree" "$tree"
mount -t tmpfs tmp "$tree/tmp"
mount -t proc proc "$tree/proc"
mount --rbind /sys "$tree/sys"
mount --rbind /dev "$tree/dev"
mount --bind "$shared" "$tree/mnt"
exec chroot "$tree" "$@"`

/** Runs a command in that tree, where the folder `shared` is /mnt. */
export function inRoot(tree: string, shared: string, command: string[], env: Record<string, string> = {}): Ran {
  const enter = ['--mount', '--propagation', 'private', 'sh', '-c', ENTER, 'enter', tree, shared, ...command]
  const r = spawnSync('unshare', enter, {
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 1 << 28,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', ...env },
  })
  return { stdout: r.stdout, stderr: r.stderr, code: r.status ?? -1 }
}
