// Symbol tables of the files from which code is mapped. Paths are resolved in the root of the process that uses them.
import { fstatSync } from 'node:fs'
import { withForeign } from '../source/foreign/file.js'
import { BoundedCache } from './bounded-cache.js'
import { type ElfFile, readElf } from './elf.js'
import { Cut, FileBytes } from './file-bytes.js'
import { KEPT, OBJECT, TIME } from './limits.js'
import { FIRST_CODE, type Mapping } from './mapping.js'
import { refuseFuse } from './mounts.js'
import { ownerOf, type ReadBudget } from './read-budget.js'

/** A file, or its absence, and the time (ms) until which it is not looked up again. */
interface CachedObjectFile {
  readonly file: ElfFile | undefined
  readonly until: number
}

export class ObjectFiles {
  private readonly files = new BoundedCache<string, CachedObjectFile>(KEPT.objects)

  constructor(private readonly reading: ReadBudget) {}

  /** Name of the function at an address in a mapping of process pid; undefined if its file has none. */
  name(pid: number, mapping: Mapping, address: number): string | undefined {
    const file = this.fileOf(pid, mapping)
    if (file === undefined) return undefined
    const within = address - mapping.start
    const at =
      mapping.offset === FIRST_CODE
        ? within + (file.firstCode ?? Number.NaN)
        : mapping.interpreterOf !== undefined
          ? within
          : file.addressOf(within + mapping.offset)
    return at === undefined ? undefined : file.symbols?.at(at)
  }

  /** Path of the file of a mapping. */
  path(pid: number, { path, interpreterOf }: Mapping): string {
    return interpreterOf === undefined ? path : (this.fileOf(pid, interpreterOf)?.interpreter ?? '')
  }

  private fileOf(pid: number, mapping: Mapping): ElfFile | undefined {
    const path = this.path(pid, mapping)
    if (path === '') return undefined
    const key = `${mapping.dev} ${mapping.ino} ${path}`
    const known = this.files.get(key)
    if (known !== undefined && performance.now() < known.until) return known.file
    const file = this.reading.charged(path, ownerOf(pid), () => this.read(path, pid, mapping))
    // after a process has ended its root is not accessible, but another process with the same file may appear
    const until = file === undefined ? performance.now() + TIME.again : Number.POSITIVE_INFINITY
    this.files.set(key, { file, until }, file?.weight ?? OBJECT.ownBytes)
    return file
  }

  private read(path: string, pid: number, mapping: Mapping): ElfFile | undefined {
    const found = this.open(path, pid, mapping) ?? this.open(path, undefined, mapping)
    return found && { ...found, symbols: this.debugSymbols(found) ?? found.symbols }
  }

  /** Symbols in a separate debug file of the distribution. */
  private debugSymbols({ buildId }: ElfFile): ElfFile['symbols'] {
    if (buildId === undefined) return undefined
    const path = `/usr/lib/debug/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`
    return this.open(path, undefined)?.symbols
  }

  /**
   * Opens the file at a path if it is the one that is mapped; undefined if it is not, or cannot be read.
   * @param pid the process in whose root the path is resolved; undefined: in our own
   */
  private open(path: string, pid: number | undefined, mapping?: Mapping): ElfFile | undefined {
    const { reading } = this
    const inode = mapping?.ino ?? 0
    const place = { root: rootOf(pid), path, links: true, check: refuseFuse(pid) }
    try {
      return reading.watched(path, () =>
        withForeign(
          place,
          ({ ino }) => inode === 0 || ino === inode,
          (fd) => {
            const file = readElf(new FileBytes(fd, fstatSync(fd).size, TIME.file))
            if (file?.cut !== undefined) reading.cut(path, file.cut)
            return file
          },
        ),
      )
    } catch (e) {
      if (e instanceof Cut) reading.cut(path, e.message)
      return undefined
    }
  }
}

function rootOf(pid: number | undefined): string {
  return pid === undefined ? '/' : `/proc/${pid}/root`
}
