// Files that a chisel writes captured data to, in a folder below the current one. Their names come from captured values.
import { closeSync, constants, fstatSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { O_APPEND, O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_RDONLY, O_TRUNC, O_WRONLY } = constants
/** Maximum length of a file name; file systems allow 255 bytes. */
const LONGEST = 200
/** Maximum number of files in a run. */
const MOST = 10_000

export class DataFiles {
  /** bytes written, by file */
  readonly written = new Map<string, number>()
  /** pieces of data dropped because there are too many files */
  leftOut = 0
  /** descriptor of the folder: its path may change, as the owner of the parent folder can rename it and replace it */
  private fd: number | undefined

  constructor(private readonly folder: string) {}

  /** Closes the folder. */
  close(): void {
    if (this.fd !== undefined) closeSync(this.fd)
    this.fd = undefined
  }

  /** Appends data to the file of that name. Replaces a file from before the run. Throws if it cannot be written. */
  append(name: string, data: Uint8Array): void {
    const file = join(this.folder, safe(name))
    const before = this.written.get(file)
    if (before === undefined && this.written.size >= MOST) {
      this.leftOut++
      return
    }
    this.fd ??= openFolder(this.folder)
    const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | (before === undefined ? O_TRUNC : O_APPEND)
    const fd = openSync(`/proc/self/fd/${this.fd}/${safe(name)}`, flags, 0o600)
    try {
      // repeats partial writes
      writeFileSync(fd, data)
    } finally {
      closeSync(fd)
    }
    this.written.set(file, (before ?? 0) + data.length)
  }
}

/** Opens the folder, and creates it if missing. Another user's folder, or a link to one, could lead anywhere: they are refused. */
function openFolder(folder: string): number {
  try {
    mkdirSync(folder, 0o700)
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException
    if (code !== 'EEXIST') throw new Error(`cannot create the folder ${folder}: ${code}`)
  }
  const fd = ownFolder(folder)
  if (fd === undefined) throw new Error(`${folder} is not a folder of yours: remove it, or run ksys in another folder`)
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

/** A name without characters that have a meaning in paths; connections are spelled as sysdig does. */
function safe(name: string): string {
  const plain = name
    .replaceAll(':', '_')
    .replaceAll('>', '-')
    .replace(/[^\w.-]/g, '_')
    .slice(0, LONGEST)
  return plain.startsWith('.') ? `_${plain}` : plain
}
