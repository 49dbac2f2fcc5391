// The sockets of recorders, one for each, in a folder that only its user can enter, and the user at the other end of a connection.
import { closeSync, constants, lstatSync, mkdirSync, openSync, readdirSync, type Stats, unlinkSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { getSystemErrorName } from 'node:util'
import { native } from '../../source/native.js'
import { reason } from '../../source/reason.js'
import { CliError, EXIT } from '../errors/exit.js'

const NAME = /^record-(\d+)\.sock$/

/** root's folder does not depend on environment variables: under sudo they are another user's */
const OF_ROOT = '/run/ksys'

/** A recorder's socket. */
export interface Place {
  readonly pid: number
  readonly path: string
}

/**
 * Creates the folder of this process's user if it is missing, and returns the path of a new recorder's socket. Throws CliError if the
 * folder cannot be created or others can enter it.
 */
export function socketPath(pid: number): string {
  const [folder] = folders() as [string]
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true })
  } catch (e) {
    throw new CliError(EXIT.failure, `cannot create ${folder} for the recorder's socket: ${reason(e)}`)
  }
  if (!isPrivate(folder)) throw new CliError(EXIT.failure, `${notPrivate(folder)}: remove it first`)
  return join(folder, `record-${pid}.sock`)
}

/** The sockets of this user's recorders. Folders that others can enter are skipped: any user could have put a socket there. */
export const sockets = (): Place[] => folders().filter(isPrivate).flatMap(socketsIn)

/** The reason for each skipped folder, as a clause. */
export const skippedFolders = (): string[] =>
  folders()
    .filter((folder) => statOf(folder) !== undefined && !isPrivate(folder))
    .map(notPrivate)

/** Removes a socket; ignores errors: it may not exist, or belong to another user. */
export function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // see above
  }
}

/** Returns a function that removes a socket even after this process has changed to another user; a missing socket is ignored. */
export function removeLater(path: string): () => Promise<void> {
  const fd = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
  const folder = new (native().Folder)(fd, -1, -1)
  if (folder.error !== 0) {
    closeSync(fd)
    throw new CliError(
      EXIT.failure,
      `cannot open the folder of ${path}, to remove it at the end: ${getSystemErrorName(-folder.error)}`,
    )
  }
  return async () => {
    await folder.remove(Buffer.from(basename(path)))
    await folder.close()
    closeSync(fd)
  }
}

/**
 * The folders of this process's user, that of new recorders first. The others are for a command whose environment differs from the
 * recorder's: `sudo -u USER` sets neither XDG_RUNTIME_DIR nor TMPDIR.
 */
function folders(): string[] {
  const uid = userId()
  if (uid === 0) return [OF_ROOT]
  const { XDG_RUNTIME_DIR: given = '' } = process.env
  const session = isAbsolute(given) && statOf(given)?.uid === uid ? [join(given, 'ksys')] : []
  const temporary = [tmpdir(), '/tmp'].map((folder) => join(folder, `ksys-${uid}`))
  return [...new Set([...session, ...temporary, `/run/user/${uid}/ksys`])]
}

const userId = () => process.geteuid?.() ?? 0

/** Whether it is a folder that only this user, and root, can enter. */
function isPrivate(folder: string): boolean {
  const stat = statOf(folder)
  return stat?.isDirectory() === true && stat.uid === userId() && (stat.mode & 0o077) === 0
}

const notPrivate = (folder: string) => `${folder} is not a folder that only this user can enter`

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}

function socketsIn(folder: string): Place[] {
  return namesIn(folder).flatMap((name) => {
    const pid = NAME.exec(name)?.[1]
    return pid === undefined ? [] : [{ pid: Number(pid), path: join(folder, name) }]
  })
}

/** The names in a folder; none if it was removed in the meantime. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * On the listening side, the user who connected; on the connecting side, the user who started to listen, even if the listener has
 * dropped its privileges since. -1 if the kernel does not report it.
 */
export function peerUser(socket: Socket): number {
  const { fd } = (socket as unknown as { _handle: { fd: number } | null })._handle ?? { fd: -1 }
  return native().peerUser(fd)
}
