// Missing requirements of a machine for guests of a processor, as a message for the user.
import { execFileSync } from 'node:child_process'
import { type Arch, HOST_ARCH } from '../../src/setup/dist/arch.js'
import { emulator } from './qemu.js'

/** Whether a command is installed. */
export function has(command: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'has', command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The Debian packages by the commands that they contain. */
const NEEDS: readonly (readonly [command: string, of: string])[] = [
  ['cpio', 'cpio'],
  ['busybox', 'busybox-static'],
  ['apt-get', "Debian's apt-get"],
  ['dpkg-deb', 'dpkg'],
]

/** The reason why guests of this processor cannot run here; undefined if they can. */
export function lacking(arch: Arch): string | undefined {
  const foreign = arch === 'arm64' ? 'g++-aarch64-linux-gnu' : 'g++-x86-64-linux-gnu'
  const compiler = arch === 'arm64' ? 'aarch64-linux-gnu-g++' : 'x86_64-linux-gnu-g++'
  const missing = [
    ...NEEDS,
    [emulator(arch), arch === 'arm64' ? 'qemu-system-arm' : 'qemu-system-x86'] as const,
    ...(arch === HOST_ARCH ? [] : [[compiler, foreign] as const]),
    ...(arch === 'arm64' ? [['ld.lld', 'lld'] as const] : []),
  ].filter(([command]) => !has(command))
  return missing.length === 0 ? undefined : `${missing.map(([, of]) => of).join(', ')} missing`
}
