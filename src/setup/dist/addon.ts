// Builds the addon with a compiler for a processor; only changed parts are built again.
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Arch, BPF_ARCH, HOST_ARCH, TRIPLES } from './arch.js'
import { cached, Suite } from './debian.js'
import { BUILD_LIBRARIES, COMPILERS, type Compiler } from './pins.js'
import { ROOT } from './root.js'

const run = promisify(execFile)

/** The command of a compiler's tool: installed on this machine, or unpacked from the Debian release that has it. */
async function command(tool: string, compiler: Compiler): Promise<string> {
  try {
    return (await run('sh', ['-c', 'command -v "$1"', 'command', tool])).stdout.trim()
  } catch {
    // not installed
  }
  const { suite, packages } = COMPILERS[compiler]
  const dir = await cached(`${compiler}-tools-${HOST_ARCH}`, async (to) => {
    const from = new Suite(suite, HOST_ARCH)
    for (const name of packages) await from.unpack(name, undefined, to)
  })
  const libraries = `${dir}/usr/lib/${TRIPLES[HOST_ARCH]}:${dir}/lib/${TRIPLES[HOST_ARCH]}`
  return `env LD_LIBRARY_PATH=${libraries} ${dir}/usr/bin/${tool}`
}

/** Debian's libraries for another processor, with their licences, unpacked in the cache. */
export function buildLibraries(arch: Arch): Promise<string> {
  const { suite, packages } = BUILD_LIBRARIES
  return cached(`build-${suite}-${arch}`, async (to) => {
    const from = new Suite(suite, arch)
    for (const name of packages) await from.unpack(name, undefined, to)
  })
}

/** The command of the C++ compiler for a processor. */
export const compilerFor = (arch: Arch): string => (arch === HOST_ARCH ? 'g++' : `${TRIPLES[arch]}-g++`)

/** The compiler commands for a processor, as make variables, with common flags. */
async function compilers(compiler: Compiler, arch: Arch, flags: string): Promise<Record<string, string>> {
  const clang = await command(compiler, compiler)
  const STRIP = await command(compiler.replace('clang', 'llvm-strip'), compiler)
  if (arch === HOST_ARCH)
    return { CC: `gcc ${flags}`, CXX: `${compilerFor(arch)} ${flags}`, CLANG: `${clang} ${flags}`, STRIP }
  const libraries = await buildLibraries(arch)
  const triple = TRIPLES[arch]
  const include = `-idirafter ${libraries}/usr/include`
  return {
    CC: `${triple}-gcc ${flags} ${include}`,
    CXX: `${compilerFor(arch)} ${flags} ${include} -L${libraries}/usr/lib/${triple}`,
    CLANG: `${clang} ${flags} ${include} -idirafter /usr/${triple}/include`,
    STRIP,
  }
}

/** Builds the addon in the folder `out` and returns its path. flags: additional flags for all compilers. */
export async function addon(compiler: Compiler, arch: Arch, out: string, flags = ''): Promise<string> {
  mkdirSync(out, { recursive: true })
  const words = Object.entries(await compilers(compiler, arch, flags)).map(([name, value]) => `${name}=${value}`)
  const make = [
    '-j',
    String(availableParallelism()),
    '-C',
    join(ROOT, 'native'),
    '--no-print-directory',
    `OUT=${out}`,
    `ARCH=${BPF_ARCH[arch]}`,
    ...words,
  ]
  await run('make', make, { maxBuffer: 1 << 26 })
  return join(out, 'ksys.node')
}
