// Files that a chisel writes data to, in a folder below the current one: their names come from what was captured.
import { closeSync, constants, fstatSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { O_APPEND, O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_RDONLY, O_TRUNC, O_WRONLY } = constants
/** The longest name; a folder's file systems take 255 bytes. */
const LONGEST = 200
/** Different files of a run. */
const MOST = 10_000

export class DataFiles {
  /** bytes that each file got */
  readonly written = new Map<string, number>()
  /** pieces of data that no file was made for */
  leftOut = 0
  /** the open folder: whoever owns the one above can give it another name, and this name to something else */
  private fd: number | undefined

  constructor(private readonly folder: string) {}

  /** Nothing is written any more. */
  close(): void {
    if (this.fd !== undefined) closeSync(this.fd)
    this.fd = undefined
  }

  /** Appends data to the file of that name; what was in it before the run is gone. Throws where it cannot be written. */
  append(name: string, data: Uint8Array): void {
    const file = join(this.folder, safe(name))
    const before = this.written.get(file)
    if (before === undefined && this.written.size >= MOST) {
      this.leftOut++
      return
    }
    this.fd ??= madeFolder(this.folder)
    const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | (before === undefined ? O_TRUNC : O_APPEND)
    const fd = openSync(`/proc/self/fd/${this.fd}/${safe(name)}`, flags, 0o600)
    try {
      // all of it, where a call takes a part
      writeFileSync(fd, data)
    } finally {
      closeSync(fd)
    }
    this.written.set(file, (before ?? 0) + data.length)
  }
}

/** A descriptor of the folder, which is made where it is missing. Another user's folder, or a link to one, could lead anywhere. */
function madeFolder(folder: string): number {
  try {
    mkdirSync(folder, 0o700)
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException
    if (code !== 'EEXIST') throw new Error(`the folder ${folder} cannot be made: ${code}`)
  }
  const fd = ownFolder(folder)
  if (fd === undefined) throw new Error(`${folder} is no folder of your own: remove it, or go to another folder`)
  return fd
}

function ownFolder(folder: string): number | undefined {
  let fd: number
  try {
    fd = openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  } catch {
    return undefined
  }
  if (fstatSync(fd).uid === process.geteuid?.()) return fd
  closeSync(fd)
  return undefined
}

/** A name without anything that means something in paths; sysdig's spelling of the ends of a connection. */
function safe(name: string): string {
  const plain = name
    .replaceAll(':', '_')
    .replaceAll('>', '-')
    .replace(/[^\w.-]/g, '_')
    .slice(0, LONGEST)
  return plain.startsWith('.') ? `_${plain}` : plain
}
