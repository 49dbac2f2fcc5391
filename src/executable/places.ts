// Where the executable may unpack: places where nobody else can put or rename anything.
import { lstatSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { pathSteps } from '../model/path-steps.js'

const STICKY = 0o1000
const OTHERS_WRITE = 0o022
/** Folders for files that need not stay; everybody may write to them. */
const TEMPORARY = ['/tmp', '/dev/shm', '/var/tmp']

/** A place that is not used, with the reason in words. */
export class Unfit extends Error {}

/** A place, made when it is asked for; throws Unfit or the system's error. */
export interface Place {
  readonly path: string
  /** whether it is there for one run */
  readonly brief: boolean
  open(): string
}

/** The places in the order in which they are tried. Root has none that a user names: sudo may keep the user's HOME. */
export function places(uid: number, env: NodeJS.ProcessEnv): Place[] {
  const named = env.XDG_CACHE_HOME
  const cache = named !== undefined && isAbsolute(named) ? [join(named, 'ksys')] : []
  const own = uid === 0 ? ['/var/cache/ksys', '/run/ksys-program'] : [...home(), ...runtime(env)]
  const shared = TEMPORARY.map((t) => join(t, `ksys-program-${uid}`))
  return [
    ...[...cache, ...own, ...shared].map((path) => ({ path, brief: false, open: () => opened(path, uid) })),
    // somebody else may have taken those names
    ...TEMPORARY.map((t) => ({ path: join(t, 'ksys-*'), brief: true, open: () => fresh(t, uid) })),
  ]
}

function home(): string[] {
  try {
    const dir = homedir()
    return isAbsolute(dir) ? [join(dir, '.cache/ksys')] : []
  } catch {
    // neither HOME nor an account
    return []
  }
}

function runtime({ XDG_RUNTIME_DIR: dir }: NodeJS.ProcessEnv): string[] {
  return dir !== undefined && isAbsolute(dir) ? [join(dir, 'ksys-program')] : []
}

/** Makes the folder where it is missing; its path without links, when it and all above it are safe. */
function opened(path: string, uid: number): string {
  check(nearest(path), uid, true)
  mkdirSync(path, { mode: 0o700, recursive: true })
  check(path, uid)
  return realpathSync(path)
}

/** The path, or the nearest above it that is there. */
function nearest(path: string): string {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? nearest(dirname(path)) : path
}

/** A folder with a name that nobody could foresee. */
function fresh(parent: string, uid: number): string {
  check(parent, uid, true)
  return mkdtempSync(join(realpathSync(parent), 'ksys-'))
}

/**
 * Throws Unfit unless every folder and link on the way to a folder belongs to root or this user, nobody else may put or rename
 * anything in them but in folders like /tmp, where everybody may rename what is theirs alone, and the last is this user's own.
 */
function check(path: string, uid: number, shared = false): void {
  for (const { path: at, stat } of pathSteps(path)) {
    if (stat.uid !== 0 && stat.uid !== uid) throw new Unfit(`${at} belongs to another user`)
    if (stat.isSymbolicLink()) continue
    if (!stat.isDirectory()) throw new Unfit(`${at} is no folder`)
    if ((stat.mode & OTHERS_WRITE) !== 0 && (stat.mode & STICKY) === 0) throw new Unfit(`others may change ${at}`)
  }
  const last = lstatSync(realpathSync(path))
  if (!shared && (last.uid !== uid || (last.mode & OTHERS_WRITE) !== 0)) throw new Unfit('others may change it')
}
