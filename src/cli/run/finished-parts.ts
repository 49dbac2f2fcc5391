// The files of a partitioned folder: each is written under a temporary name and, when complete, renamed after the times of its events.
// Existing files are never replaced; events that they may already contain are reported.
import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, fsync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { countUnfinished } from '../../source/atomic-file.js'
import type { Belonging } from '../../source/belonging.js'
import type { ToReplace } from '../../source/files.js'
import { namesInForeign, withForeign } from '../../source/foreign/file.js'
import { lockedHere, lockedToWrite } from '../../source/locks.js'
import type { OutputTree } from '../../source/output-tree.js'
import { fdPath } from '../../source/path-parts.js'
import { PART } from '../../source/rotation-files.js'
import { number } from './report.js'

/** Maximum number of names read from a folder. */
const MAX_NAMES = 100_000
/** Bytes that are compared at a time. */
const PIECE = 1 << 20
/** Extracts the times of the first and last event from a file name. */
const SPAN = /^(\d{8}T\d{6}\.\d{9}Z)-(\d{8}T\d{6}\.\d{9}Z)/

/** The parts of a file's name. Times are texts of PartitionNames.stamp(), which sort by time. */
interface Span {
  /** the subfolder of the file */
  readonly folder: string
  readonly first: string
  readonly last: string
}

export class FinishedParts {
  /** files of this run, with their subfolders */
  private readonly own = new Set<string>()
  private beside = 0
  private firstBeside = ''

  constructor(
    private readonly tree: OutputTree,
    private readonly root: string,
    /** file extension */
    private readonly extension: string,
  ) {}

  /** Starts a file in a folder. span: called once the file is complete. Throws the system's error, or PathError. */
  async start(folder: string, span: () => Span, belonging: Belonging): Promise<ToReplace> {
    const inside = `${folder}/${randomBytes(8).toString('hex')}.${this.extension}${PART}`
    const path = join(this.root, inside)
    return countUnfinished(path, async () => {
      const fd = await this.tree.openNew(inside, belonging)
      await lockedToWrite(fd)
      const completion = {
        replaces: false,
        commit: () => this.keep(inside, fd, span()),
        discard: () => this.tree.remove(inside),
      }
      return { fd, regular: true, completion }
    })
  }

  /** A message about overlapping files; undefined: none. */
  note(): string | undefined {
    const { beside } = this
    if (beside === 0) return undefined
    const have = beside === 1 ? '1 file has' : `${number(beside)} files have`
    return `${have} times that overlap files of earlier runs (${this.firstBeside}): if they are of the same capture, its events are counted twice; remove one of the files, or write to another folder`
  }

  private async keep(part: string, fd: number, { folder, first, last }: Span): Promise<void> {
    await promisify(fsync)(fd)
    const existing = await namesInForeign({ root: this.root, path: folder }, MAX_NAMES)
    for (let n = 1; ; n++) {
      const name = `${first}-${last}${n === 1 ? '' : `-${n}`}.${this.extension}`
      const path = `${folder}/${name}`
      if (existing.includes(name)) {
        // a file with the same events exists
        if (!this.own.has(path) && this.isCopy(path, fd)) return this.tree.remove(part)
      } else if (await this.tree.rename(part, path)) {
        this.own.add(path)
        this.compare(existing, { folder, first, last }, name)
        return
      }
    }
  }

  /** Looks for a file of an earlier run that overlaps a new one. */
  private compare(existing: readonly string[], { folder, first, last }: Span, name: string): void {
    const other = existing.find((found) => {
      const [, start, end] = SPAN.exec(found) ?? []
      if (start === undefined || end === undefined || !found.endsWith(`.${this.extension}`)) return false
      return start <= last && end >= first && !this.own.has(`${folder}/${found}`)
    })
    if (other === undefined) return
    if (this.beside++ === 0) this.firstBeside = `${folder}/${name} beside ${other}`
  }

  /** Whether a file has the same content as an open one. */
  private isCopy(path: string, fd: number): boolean {
    const { size } = fstatSync(fd)
    const mine = openSync(fdPath(fd), 'r')
    try {
      return withForeign(
        { root: this.root, path },
        (file) => file.size === size,
        (found) => sameBytes(found, mine, size),
      )
    } catch {
      return false
    } finally {
      closeSync(mine)
    }
  }
}

/** Incomplete files in a partitioned folder that no process is writing any more. depth: levels of folders. */
export async function abandonedIn(root: string, depth: number, inside = ''): Promise<string[]> {
  const names = (await namesInForeign({ root, path: inside || '.' }, MAX_NAMES)).map((name) =>
    inside === '' ? name : `${inside}/${name}`,
  )
  if (depth > 0) {
    const below = names.filter((name) => name.includes('=')).map((name) => abandonedIn(root, depth - 1, name))
    return (await Promise.all(below)).flat()
  }
  return names.filter((name) => {
    if (!name.endsWith(PART)) return false
    try {
      return withForeign({ root, path: name }, () => true, lockedHere)
    } catch {
      return false
    }
  })
}

function sameBytes(a: number, b: number, size: number): boolean {
  const [pieceA, pieceB] = [Buffer.alloc(PIECE), Buffer.alloc(PIECE)]
  for (let at = 0; at < size; ) {
    const got = readSync(a, pieceA, 0, PIECE, at)
    const other = readSync(b, pieceB, 0, PIECE, at)
    if (got === 0 || got !== other || !pieceA.subarray(0, got).equals(pieceB.subarray(0, got))) return false
    at += got
  }
  return true
}
