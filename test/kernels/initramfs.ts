// The root file system that a guest runs from: busybox, Node, the packed ksys and the programs of known calls.
import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, createReadStream, createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { type Arch, HOST_ARCH } from '../../src/setup/dist/arch.js'
import { busybox, runtime } from './packed.js'

const run = promisify(execFile)
const here = new URL('.', import.meta.url).pathname

/** Packs a tree as the kernel unpacks it. Declarations and maps are never executed, and thousands of files. */
async function archive(tree: string, file: string): Promise<void> {
  const list = "find . ! -name '*.d.ts' ! -name '*.d.mts' ! -name '*.d.cts' ! -name '*.map'"
  await run('sh', ['-c', `${list} | cpio -o -H newc -R 0:0 --quiet > "$1"`, 'archive', file], { cwd: tree })
}

/** Compiles test/kernels/NAME.c for that processor, without shared libraries. */
export async function program(name: string, arch: Arch, to: string): Promise<void> {
  const cc = arch === HOST_ARCH ? 'cc' : arch === 'arm64' ? 'aarch64-linux-gnu-gcc' : 'x86_64-linux-gnu-gcc'
  await run(cc, ['-O1', '-static', '-o', to, join(here, `${name}.c`)])
}

/** The program that makes the calls of 32-bit programs for this processor. */
export const NARROW: Readonly<Record<Arch, string>> = { amd64: 'i386', arm64: 'arm32' }

async function narrowProgram(arch: Arch, to: string): Promise<void> {
  if (arch === 'amd64') return program('../live/programs/i386', arch, to)
  const target = ['--target=arm-linux-gnueabihf', '-mcpu=cortex-a15', '-marm']
  const alone = ['-O1', '-ffreestanding', '-nostdlib', '-static', '-fuse-ld=lld']
  await run('clang', [...target, ...alone, '-o', to, join(here, 'arm32.c')])
}

/** Builds the archive for guests of this processor, with everything except the steps and the addon. */
export async function baseArchive(dir: string, arch: Arch, ksys: string): Promise<string> {
  const tree = join(dir, `tree-${arch}`)
  await runtime(tree, arch)
  cpSync(join(ksys, '../..', 'node_modules'), join(tree, 'ksys/node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  const wrapper = '#!/bin/sh\nexec node /ksys/node_modules/ksys/.build/js/src/main.js "$@"\n'
  writeFileSync(join(tree, 'bin/ksys'), wrapper, { mode: 0o755 })
  for (const name of ['known', 'states', 'percpu', 'unperformed']) await program(name, arch, join(tree, 'bin', name))
  await narrowProgram(arch, join(tree, 'bin', NARROW[arch]))
  copyFileSync(join(here, 'guest.sh'), join(tree, 'init'))
  chmodSync(join(tree, 'init'), 0o755)
  mkdirSync(join(tree, 'etc'))
  writeFileSync(join(tree, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n')
  writeFileSync(join(tree, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n')
  writeFileSync(join(tree, 'etc/shadow'), '', { mode: 0o600 })
  const file = join(dir, `base-${arch}.cpio`)
  await archive(tree, file)
  return file
}

/** The whole archive of a guest: the base, then the steps, an addon other than the packed one, and the files that a function adds. */
export async function guestArchive(
  base: string,
  dir: string,
  steps: string,
  addon: string | undefined,
  files?: (tree: string, dir: string) => Promise<void>,
): Promise<string> {
  const over = join(dir, 'over')
  mkdirSync(over, { recursive: true })
  writeFileSync(join(over, 'steps'), steps)
  if (addon) {
    const to = join(over, 'ksys/node_modules/ksys/.build/native')
    mkdirSync(to, { recursive: true })
    copyFileSync(addon, join(to, 'ksys.node'))
  }
  await files?.(over, dir)
  await archive(over, join(dir, 'over.cpio'))
  const whole = join(dir, 'guest.cpio')
  for (const [i, part] of [base, join(dir, 'over.cpio')].entries())
    await pipeline(createReadStream(part), createWriteStream(whole, { flags: i === 0 ? 'w' : 'a' }))
  return whole
}

/** An archive whose only program prints that it runs. */
export async function answeringArchive(dir: string, arch: Arch, answer: string): Promise<string> {
  const tree = join(dir, 'answering')
  mkdirSync(join(tree, 'bin'), { recursive: true })
  copyFileSync(await busybox(arch), join(tree, 'bin/busybox'))
  const init = `#!/bin/busybox sh\necho ${answer}\n/bin/busybox poweroff -f\n`
  writeFileSync(join(tree, 'init'), init, { mode: 0o755 })
  const file = join(dir, 'answering.cpio')
  await archive(tree, file)
  return file
}
