// The values of libs itself for a capture: a small program with Debian's package of it, built if that is installed.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PACKAGES = 'libfalcosecurity0-dev libjsoncpp-dev libre2-dev libtbb-dev uthash-dev'
const INCLUDE = '/usr/include/falcosecurity'
const HEADERS = [
  `${INCLUDE}/libsinsp/sinsp.h`,
  ...['jsoncpp/json/json.h', 're2/re2.h', 'tbb/tbb.h', 'uthash.h'].map((h) => `/usr/include/${h}`),
]
const SOURCE = new URL('libs.cc', import.meta.url).pathname
const MOST = 1 << 28

/** The reason why libs is unavailable; undefined if it is available. */
export const notHere: string | undefined = HEADERS.every((h) => existsSync(h))
  ? undefined
  : `it needs Debian 13's packages ${PACKAGES}`

/** Compiles once: other processes wait. */
const COMPILE = 'test -e libs || { c++ "$@" -o part && mv part libs; }'

/** The program's path; the first caller of a test run builds it. Throws the compiler's messages. */
export function buildLibs(): string {
  // test/vitest.config.ts removes the run's folder
  const dir = join(process.env.KSYS_TEST_RUN as string, 'libs')
  mkdirSync(dir, { recursive: true })
  const include = [INCLUDE, `${INCLUDE}/driver`, '/usr/include/jsoncpp'].map((d) => `-I${d}`)
  const words = ['-std=c++17', '-O1', ...include, SOURCE, '-lsinsp', '-lscap', '-ljsoncpp']
  execFileSync('flock', ['lock', 'sh', '-c', COMPILE, 'sh', ...words], { cwd: dir, stdio: 'pipe' })
  return join(dir, 'libs')
}

/** The output of libs for each event, by the event's number, with which the format begins. */
export async function libsPrints(program: string, capture: string, format: string): Promise<Map<number, string>> {
  const options = { env: { TZ: 'UTC' }, maxBuffer: MOST }
  const { stdout } = await promisify(execFile)(program, [capture, format], options)
  return new Map(stdout.split('\n').flatMap((l) => (/^\d+/.test(l) ? [[Number.parseInt(l, 10), l] as const] : [])))
}
