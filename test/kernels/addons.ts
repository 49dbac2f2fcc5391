// The addon as each compiler and for each processor makes it, below .build/kernels: only what changed is built again.
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../helpers/ksys.js'
import { cached, Suite } from './debian.js'
import { HOST_ARCH } from './packed.js'
import { type Arch, BUILD_LIBRARIES, COMPILERS, type Compiler } from './pins.js'

const run = promisify(execFile)

/** The processors as the compilers call them. */
const TRIPLES: Record<Arch, string> = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }
const BPF_ARCH: Record<Arch, string> = { amd64: 'x86', arm64: 'arm64' }

/** The command of a compiler: this machine's, or unpacked from the Debian release that has it. */
async function command(compiler: Compiler): Promise<string> {
  try {
    return (await run('sh', ['-c', 'command -v "$1"', 'command', compiler])).stdout.trim()
  } catch {
    // not installed
  }
  const { suite, packages } = COMPILERS[compiler]
  const dir = await cached(`${compiler}-${HOST_ARCH}`, async (to) => {
    const from = new Suite(suite, HOST_ARCH)
    for (const name of packages) await from.unpack(name, undefined, to)
  })
  const libraries = `${dir}/usr/lib/${TRIPLES[HOST_ARCH]}:${dir}/lib/${TRIPLES[HOST_ARCH]}`
  return `env LD_LIBRARY_PATH=${libraries} ${dir}/usr/bin/${compiler}`
}

/** Words of make for another processor: its compiler, with Debian's libraries of that processor unpacked in the cache. */
async function crossWords(arch: Arch, clang: string): Promise<string[]> {
  const { suite, packages } = BUILD_LIBRARIES
  const dir = await cached(`build-${suite}-${arch}`, async (to) => {
    const from = new Suite(suite, arch)
    for (const name of packages) await from.unpack(name, undefined, to)
  })
  const triple = TRIPLES[arch]
  const include = `-idirafter ${dir}/usr/include`
  return [
    `CC=${triple}-gcc ${include}`,
    `CXX=${triple}-g++ ${include} -L${dir}/usr/lib/${triple}`,
    `CLANG=${clang} ${include} -idirafter /usr/${triple}/include`,
    `STRIP=${triple}-strip`,
  ]
}

/** Builds the addon; its path. */
export async function addon(compiler: Compiler, arch: Arch): Promise<string> {
  const out = join(root, '.build/kernels', `${compiler}-${arch}`)
  mkdirSync(out, { recursive: true })
  const clang = await command(compiler)
  const words = arch === HOST_ARCH ? [`CLANG=${clang}`] : await crossWords(arch, clang)
  const make = ['-C', join(root, 'native'), '--no-print-directory', `OUT=${out}`, `ARCH=${BPF_ARCH[arch]}`, ...words]
  await run('make', make, { maxBuffer: 1 << 26 })
  return join(out, 'ksys.node')
}
