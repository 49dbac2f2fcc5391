// The results of `npm run dist`, for their tests: they run at its end, and only then.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Arch, HOST_ARCH } from '../../src/setup/dist/arch.js'
import { executablePath } from '../../src/setup/dist/places.js'
import type { Ran } from '../helpers/ksys.js'

/** Whether a run of `npm run dist`, whose end this is, has just built the files for this processor: KSYS_DIST names them. */
export function built(arch: Arch): boolean {
  const { KSYS_DIST = '' } = process.env
  return KSYS_DIST === 'all' || KSYS_DIST.split(' ').includes(arch)
}

/** Without the files for this machine there is nothing to test. */
export const BUILT = built(HOST_ARCH)

/** The executable for this machine. */
export const EXECUTABLE = executablePath(HOST_ARCH)

export interface Surroundings {
  readonly env?: Record<string, string>
  /** shell lines that change a mount namespace of its own before the program runs in it */
  readonly mounts?: string
  readonly cwd?: string
}

/** Runs a program with an environment of PATH and the given variables. */
export function run(file: string, args: readonly string[], { env, mounts, cwd }: Surroundings = {}): Ran {
  const words =
    mounts === undefined
      ? [file, ...args]
      : ['unshare', '--mount', '--propagation', 'private', 'sh', '-ec', `${mounts}\nexec "$@"`, 'sh', file, ...args]
  const r = spawnSync(words[0] as string, words.slice(1), {
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 1 << 28,
    cwd,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC', ...env },
  })
  if (r.error !== undefined && !existsSync(file)) throw new Error(`${file} is not there: npm run dist makes it`)
  return { stdout: r.stdout, stderr: r.stderr, code: r.status ?? -1 }
}

/** `ksys ARGS` from the single file. */
export const ksysFile = (args: readonly string[], surroundings?: Surroundings): Ran =>
  run(EXECUTABLE, args, surroundings)
