// Folders where the executable may unpack its files: no other user can create or rename files in them.
import { lstatSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { pathSteps } from '../model/path-steps.js'

const STICKY = 0o1000
const OTHERS_WRITE = 0o022
/** World-writable folders for temporary files. */
const TEMPORARY = ['/tmp', '/dev/shm', '/var/tmp']

/** Why a place is not used. */
export class Unfit extends Error {}

/** A place for the files. open() creates the folder and throws Unfit or the system's error. */
export interface Place {
  readonly path: string
  /** it is removed after the run */
  readonly temporary: boolean
  open(): string
}

/** The places in order of preference. Root does not use the folder in HOME, as sudo may preserve the user's HOME. */
export function places(uid: number, env: NodeJS.ProcessEnv): Place[] {
  const named = env.XDG_CACHE_HOME
  const cache = named !== undefined && isAbsolute(named) ? [join(named, 'ksys')] : []
  const own = uid === 0 ? ['/var/cache/ksys', '/run/ksys-program'] : [...home(), ...runtime(env)]
  const shared = TEMPORARY.map((t) => join(t, `ksys-program-${uid}`))
  return [
    ...[...cache, ...own, ...shared].map((path) => ({ path, temporary: false, open: () => opened(path, uid) })),
    // another user may have created folders with the names above
    ...TEMPORARY.map((t) => ({ path: join(t, 'ksys-*'), temporary: true, open: () => fresh(t, uid) })),
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

/** Creates the folder if it is missing, and returns its path without links if it and all its parents are safe. */
function opened(path: string, uid: number): string {
  const missing = missingFolders(path)
  check(missing[0] === undefined ? path : dirname(missing[0]), uid, true)
  for (const folder of missing) create(folder)
  check(path, uid)
  return realpathSync(path)
}

/** The path and its parents, those that do not exist, from the top. */
export function missingFolders(path: string): string[] {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return []
  return [...missingFolders(dirname(path)), path]
}

/** Creates one folder: mkdirSync() of several says on a read-only file system that there is no such file. */
function create(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (e) {
    // another start was faster
    if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e
  }
}

/** Creates a folder with an unpredictable name. */
function fresh(parent: string, uid: number): string {
  check(parent, uid, true)
  return mkdtempSync(join(realpathSync(parent), 'ksys-'))
}

/**
 * Throws Unfit unless every folder and link of a path belongs to root or this user, no other user can write to them (except sticky folders
 * like /tmp, where users can only rename their own files), and the last folder belongs to this user.
 */
function check(path: string, uid: number, shared = false): void {
  for (const { path: at, stat } of pathSteps(path)) {
    if (stat.uid !== 0 && stat.uid !== uid) throw new Unfit(`${at} belongs to another user`)
    if (stat.isSymbolicLink()) continue
    if (!stat.isDirectory()) throw new Unfit(`${at} is not a folder`)
    if ((stat.mode & OTHERS_WRITE) !== 0 && (stat.mode & STICKY) === 0) throw new Unfit(`other users can change ${at}`)
  }
  const last = lstatSync(realpathSync(path))
  if (!shared && (last.uid !== uid || (last.mode & OTHERS_WRITE) !== 0)) throw new Unfit('other users can change it')
}
