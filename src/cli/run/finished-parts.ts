// The files of a partitioned folder: each is written under a name of its own, and is renamed by the times of its events once it is
// complete. What is there already is neither replaced nor doubled without a word.
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

/** Names of a folder that are looked at. */
const MOST_NAMES = 100_000
/** Bytes that are compared at once. */
const PIECE = 1 << 20
/** The times of a file's first and last event, by its name. */
const SPAN = /^(\d{8}T\d{6}\.\d{9}Z)-(\d{8}T\d{6}\.\d{9}Z)/

/** What a file is called by: times as PartitionNames.stamp() gives them, in whose order their texts are. */
export interface Span {
  /** the folder of the file, in the folder that is written */
  readonly folder: string
  readonly first: string
  readonly last: string
}

export class FinishedParts {
  /** names of this run, with their folders */
  private readonly own = new Set<string>()
  private beside = 0
  private firstBeside = ''

  constructor(
    private readonly tree: OutputTree,
    private readonly root: string,
    /** what names end with */
    private readonly ending: string,
  ) {}

  /** Begins a file in a folder. span: is asked once the file is complete. Throws the system's error, or PathError. */
  async begin(folder: string, span: () => Span, belonging: Belonging): Promise<ToReplace> {
    const inside = `${folder}/${randomBytes(8).toString('hex')}.${this.ending}${PART}`
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

  /** What is to be known about the files, as a sentence without its dot. */
  note(): string | undefined {
    const { beside } = this
    if (beside === 0) return undefined
    const have = beside === 1 ? '1 file has' : `${number(beside)} files have`
    return `${have} events of times that files of earlier runs cover too (${this.firstBeside}): events of the same capture are counted twice there; remove one of the files, or write into another folder`
  }

  private async keep(part: string, fd: number, { folder, first, last }: Span): Promise<void> {
    await promisify(fsync)(fd)
    const there = await namesInForeign({ root: this.root, path: folder }, MOST_NAMES)
    for (let n = 1; ; n++) {
      const name = `${first}-${last}${n === 1 ? '' : `-${n}`}.${this.ending}`
      const path = `${folder}/${name}`
      if (there.includes(name)) {
        // the same events once more
        if (!this.own.has(path) && this.isCopy(path, fd)) return this.tree.remove(part)
      } else if (await this.tree.rename(part, path)) {
        this.own.add(path)
        this.compare(there, { folder, first, last }, name)
        return
      }
    }
  }

  private compare(there: readonly string[], { folder, first, last }: Span, name: string): void {
    const other = there.find((found) => {
      const [, begin, end] = SPAN.exec(found) ?? []
      if (begin === undefined || end === undefined || !found.endsWith(`.${this.ending}`)) return false
      return begin <= last && end >= first && !this.own.has(`${folder}/${found}`)
    })
    if (other === undefined) return
    if (this.beside++ === 0) this.firstBeside = `${folder}/${name} beside ${other}`
  }

  /** Whether a file has the bytes that another one, which is open, has. */
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

/** Files in a partitioned folder that a run did not complete, and that nobody writes any more. depth: levels of folders. */
export async function abandonedIn(root: string, depth: number, inside = ''): Promise<string[]> {
  const names = (await namesInForeign({ root, path: inside || '.' }, MOST_NAMES)).map((name) =>
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
