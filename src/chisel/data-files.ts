// Files that a chisel writes data to, in a folder below the current one: their names come from what was captured.
import { closeSync, constants, lstatSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownUser } from '../model/own-user.js'

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants
/** The longest name; a folder's file systems take 255 bytes. */
const LONGEST = 200
/** Different files of a run. */
const MOST = 10_000

export class DataFiles {
  /** bytes that each file got */
  readonly written = new Map<string, number>()
  /** pieces of data that no file was made for */
  leftOut = 0

  constructor(private readonly folder: string) {}

  /** Appends data to the file of that name; what was in it before the run is gone. Throws where it cannot be written. */
  append(name: string, data: Uint8Array): void {
    const file = join(this.folder, safe(name))
    const before = this.written.get(file)
    if (before === undefined) {
      if (this.written.size >= MOST) {
        this.leftOut++
        return
      }
      if (this.written.size === 0) makeFolder(this.folder)
    }
    const fd = openSync(file, O_WRONLY | O_CREAT | O_NOFOLLOW | (before === undefined ? O_TRUNC : O_APPEND), 0o600)
    try {
      // all of it, where a call takes a part
      writeFileSync(fd, data)
    } finally {
      closeSync(fd)
    }
    this.written.set(file, (before ?? 0) + data.length)
  }
}

/** Another user's folder, or a link to one, could lead anywhere. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, 0o700)
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException
    if (code !== 'EEXIST') throw new Error(`the folder ${folder} cannot be made: ${code}`)
    const stat = lstatSync(folder)
    if (!stat.isDirectory() || stat.uid !== ownUser)
      throw new Error(`${folder} is no folder of your own: remove it, or go to another folder`)
  }
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
