// Updates the values in *.txt of this folder from the kernel's headers: node src/schema/constants/from-headers.mjs. With --check
// nothing is written, and it exits with 1 if a value differs from the headers.
//
// A table is a heading, [name], and lines NAME=value. To add a constant, write NAME= into its table and run this script.
// Constants that Debian's linux-libc-dev of the version below does not have (of newer kernels, the C library, kernel internals)
// are marked `# unchecked`; `# arm64` marks another architecture's. If that package is not installed, or has another version,
// the script prints this and does nothing.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The version of linux-libc-dev that the values are taken from. */
const LINUX = '6.12'

const FOLDER = new URL('.', import.meta.url).pathname
const INCLUDE = '/usr/include'
const ASM = `${INCLUDE}/x86_64-linux-gnu/asm`
/** The headers with the numbers of ARM's calls. */
const ARM = `${INCLUDE}/arm-linux-gnueabihf/asm`
const FOLDERS = ['linux', 'drm', 'misc', 'mtd', 'rdma', 'scsi', 'sound', 'video', 'xen']
/** Headers that only include those in asm-generic/. */
const BRIEF = new Set(['asm/poll.h', 'asm/ioctls.h', 'asm/termbits.h'])
/** Headers with types that the C library's headers, which some of the others include, define too. */
const APART = new Set(['asm/signal.h', 'linux/if_arp.h', 'linux/signal.h', 'linux/time.h', 'linux/timex.h'])

/** NAME=value, where a value may be missing, and a remark. */
const LINE = /^([A-Za-z_]\w*)=(-?(?:0x[0-9a-f]+|\d+)|)(?: # (unchecked|arm64))?$/gm
const run = promisify(execFile)

/** Why nothing can be compared here; undefined if it can. */
function whySkipped() {
  const version = join(INCLUDE, 'linux/version.h')
  if (process.arch !== 'x64') return 'the values are those of x86-64'
  if (!existsSync(version) || !existsSync(ARM)) return `linux-libc-dev ${LINUX} is not installed`
  const part = (name) => new RegExp(`${name} (\\d+)`).exec(readFileSync(version, 'utf8'))?.[1]
  const found = `${part('LINUX_VERSION_MAJOR')}.${part('LINUX_VERSION_PATCHLEVEL')}`
  return found === LINUX ? undefined : `linux-libc-dev is ${found} here, and the values are taken from ${LINUX}`
}

/** The headers below a folder, as written in an include directive. */
function headersIn(folder, as) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((f) =>
    f.isDirectory()
      ? headersIn(join(folder, f.name), `${as}/${f.name}`)
      : f.name.endsWith('.h')
        ? [`${as}/${f.name}`]
        : [],
  )
}

const readHeader = (header) =>
  readFileSync(header.startsWith('asm/') ? join(ASM, header.slice('asm/'.length)) : join(INCLUDE, header), 'utf8')

/** Names that headers may define, as macros or in enumerations. */
function definedIn(texts) {
  const all = texts.flatMap((text) => [
    ...text.matchAll(/^\s*#\s*define\s+(\w+)/gm),
    ...text.matchAll(/^\s*(\w+)\s*(?:=[^,\n]*)?,?\s*(?:\/\*.*)?$/gm),
  ])
  return new Set(all.map((m) => m[1]))
}

/** Values of names in headers that can be included together, as the compiler evaluates them. Names that are not constants are omitted. */
async function valuesIn(headers, names, dir) {
  const include = ['stddef.h', 'stdint.h', 'linux/types.h', ...headers].map((h) => `#include <${h}>\n`).join('')
  for (let remaining = names; remaining.length > 0; ) {
    const source = join(dir, 'names.c')
    const lines = remaining.map((name) => `const long long of_${name} = (long long)(${name});`)
    writeFileSync(source, `${include}#line 1 "names"\n${lines.join('\n')}\n`)
    try {
      const { stdout } = await run('cc', ['-w', '-S', '-o', '-', source], { maxBuffer: 1 << 26 })
      return [...stdout.matchAll(/^of_(\w+):\s+\.(quad|zero)\s+(-?\d+)/gm)].map(([, name, what, n]) => [
        name,
        what === 'zero' ? 0n : BigInt(n),
      ])
    } catch (e) {
      const errors = String(e.stderr)
      const wrong = new Set([...errors.matchAll(/^names:(\d+):.*error/gm)].map((m) => Number(m[1]) - 1))
      if (wrong.size === 0) throw new Error(`the kernel's headers do not compile: ${errors.slice(0, 2000)}`)
      remaining = remaining.filter((_, i) => !wrong.has(i))
    }
  }
  return []
}

/** The value of each of the names that the headers define. */
async function valuesOf(names) {
  const all = [...headersIn(ASM, 'asm'), ...FOLDERS.flatMap((d) => headersIn(join(INCLUDE, d), d))]
  const generic = headersIn(join(INCLUDE, 'asm-generic'), 'asm-generic')
  const relevant = all.filter((h) => BRIEF.has(h) || [...definedIn([readHeader(h)])].some((name) => names.has(name)))
  const dir = mkdtempSync(join(tmpdir(), 'ksys-constants-'))
  try {
    const values = []
    const apart = relevant.filter((h) => APART.has(h)).map((h) => [h])
    for (const headers of [...apart, relevant.filter((h) => !APART.has(h))]) {
      // asm/ headers mostly include those of asm-generic/
      const some = [...definedIn([...headers, ...generic].map(readHeader))].filter((name) => names.has(name))
      values.push(...(await valuesIn(headers, some, dir)))
    }
    return new Map(values)
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** Numbers of the calls of 32-bit ARM programs, private calls after all others. */
function armCalls() {
  const base = { NR_SYSCALL_BASE: 0n, ARM_NR_BASE: 0xf0000n }
  const line = /^#define __(?:ARM_)?NR_(\w+)\s+\(__(NR_SYSCALL_BASE|ARM_NR_BASE)\s*\+\s*(\d+)\)/gm
  const texts = ['unistd-eabi.h', 'unistd.h'].map((name) => readFileSync(join(ARM, name), 'utf8'))
  return new Map([...texts.join('\n').matchAll(line)].map(([, name, from, n]) => [name, base[from] + BigInt(n)]))
}

/** Numbers of the calls of 32-bit i386 programs. */
function i386Calls() {
  const text = readFileSync(join(ASM, 'unistd_32.h'), 'utf8')
  return new Map([...text.matchAll(/^#define __NR_(\w+)\s+(\d+)/gm)].map(([, name, nr]) => [name, BigInt(nr)]))
}

/** The files with numbers of calls, each with what reads them from the headers. */
const NUMBERS = { 'arm-calls.txt': armCalls, 'i386-calls.txt': i386Calls }

/** The same number as an unsigned 32-bit one, if it fits. */
const bits = (n) => (n >= -(1n << 31n) && n < 1n << 32n ? BigInt.asUintN(32, n) : n)
const number = (text) => (text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text))

function complain(sentence) {
  console.error(sentence)
  process.exitCode = 1
}

/** The line with its current value. */
function lineOf(name, text, mark, values) {
  if (mark === 'arm64') return `${name}=${text} # arm64`
  const value = values.get(name)
  if (value === undefined) {
    if (text === '') complain(`${name} is not in the headers: write ${name}=value # unchecked`)
    return `${name}=${text}${text === '' ? '' : ' # unchecked'}`
  }
  if (text !== '' && bits(value) === bits(number(text))) return `${name}=${text}`
  return `${name}=${value > 9n ? `0x${value.toString(16)}` : value}`
}

async function main() {
  const why = whySkipped()
  if (why !== undefined) return console.log(`not comparing constants with the kernel's headers: ${why}`)
  const files = readdirSync(FOLDER).filter((f) => f.endsWith('.txt'))
  const texts = files.map((f) => readFileSync(join(FOLDER, f), 'utf8'))
  const names = texts
    .filter((_, i) => NUMBERS[files[i]] === undefined)
    .flatMap((t) => [...t.matchAll(LINE)].map((m) => m[1]))
  const values = await valuesOf(new Set(names))
  const check = process.argv.includes('--check')
  for (const [i, text] of texts.entries()) {
    const from = NUMBERS[files[i]]?.() ?? values
    const updated = text.replaceAll(LINE, (line, name, value, mark) => {
      const now = lineOf(name, value, mark, from)
      if (now !== line && check) {
        complain(`src/schema/constants/${files[i]}: ${line} should be ${now}`)
      }
      return now
    })
    if (!check && updated !== text) writeFileSync(join(FOLDER, files[i]), updated)
  }
  if (check && process.exitCode === 1)
    console.error(`node ${process.argv[1]} updates them from linux-libc-dev ${LINUX}`)
}

await main()
