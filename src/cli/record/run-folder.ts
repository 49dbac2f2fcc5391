// Where recorders can be asked: a socket for each, in a folder that its user alone may look into.
import { closeSync, constants, lstatSync, mkdirSync, openSync, readdirSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { ownUser } from '../../model/own-user.js'
import { native } from '../../source/native.js'
import { CliError, EXIT } from '../errors/exit.js'

const NAME = /^record-(\d+)\.sock$/

/** A recorder's socket. */
export interface Place {
  readonly pid: number
  readonly path: string
}

/** The folder of this process's user: root's is /run/ksys, others have one in XDG_RUNTIME_DIR or among temporary files. */
function ownFolder(): string {
  if (ownUser === 0) return '/run/ksys'
  const { XDG_RUNTIME_DIR } = process.env
  return XDG_RUNTIME_DIR ? join(XDG_RUNTIME_DIR, 'ksys') : join(tmpdir(), `ksys-${ownUser}`)
}

/** The path of a new recorder's socket. Throws CliError where the folder is somebody else's or cannot be made. */
export function socketPath(pid: number): string {
  const folder = ownFolder()
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true })
  } catch (e) {
    throw new CliError(EXIT.failure, `${folder} cannot be made, where a recorder is asked: ${(e as Error).message}`)
  }
  const stat = lstatSync(folder)
  if (!stat.isDirectory() || stat.uid !== ownUser || (stat.mode & 0o077) !== 0)
    throw new CliError(EXIT.failure, `${folder} is not a folder that only this user may look into: remove it first`)
  return join(folder, `record-${pid}.sock`)
}

/** The sockets of this user's recorders. */
export const ownSockets = (): Place[] => socketsIn(ownFolder())

/** The sockets that this user may ask; root may ask those of all users. */
export const sockets = (): Place[] =>
  ownUser === 0 ? [...ownSockets(), ...ofUsers().flatMap(socketsIn)] : ownSockets()

function socketsIn(folder: string): Place[] {
  return namesIn(folder).flatMap((name) => {
    const pid = NAME.exec(name)?.[1]
    return pid === undefined ? [] : [{ pid: Number(pid), path: join(folder, name) }]
  })
}

/** Removes a socket; one that is gone, or somebody else's, is left as it is. */
export function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // as said
  }
}

/** What removes a socket also when this process has become another user, who may not; one that is gone is left as it is. */
export function removeLater(path: string): () => Promise<void> {
  const fd = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
  const folder = new (native().Folder)(fd, -1, -1)
  return async () => {
    await folder.remove(Buffer.from(basename(path)))
    closeSync(fd)
  }
}

function ofUsers(): string[] {
  return [
    ...namesIn('/run/user').map((uid) => `/run/user/${uid}/ksys`),
    ...namesIn(tmpdir())
      .filter((name) => /^ksys-\d+$/.test(name))
      .map((name) => join(tmpdir(), name)),
  ]
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
