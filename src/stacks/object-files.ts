// Symbol tables of the files that code is mapped from, wherever these are: the path that a process knows is one in its own root.
import { fstatSync } from 'node:fs'
import { withForeign } from '../source/foreign/file.js'
import { type ElfFile, readElf } from './elf.js'
import { Cut, FileBytes } from './file-bytes.js'
import { Keeping } from './keeping.js'
import { KEPT, OBJECT, TIME } from './limits.js'
import { FIRST_CODE, type Mapping } from './mapping.js'
import { refuseFuse } from './mounts.js'
import { ownerOf, type Reading } from './reading.js'

/** A file that was looked for, and until when (ms) it is not looked for again. */
interface Found {
  readonly file: ElfFile | undefined
  readonly until: number
}

export class ObjectFiles {
  private readonly files = new Keeping<string, Found>(KEPT.objects)

  constructor(private readonly reading: Reading) {}

  /** Name of the function at an address in a mapping of process pid; undefined where its file has none. */
  name(pid: number, mapping: Mapping, address: number): string | undefined {
    const file = this.of(pid, mapping)
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
    return interpreterOf === undefined ? path : (this.of(pid, interpreterOf)?.interpreter ?? '')
  }

  private of(pid: number, mapping: Mapping): ElfFile | undefined {
    const path = this.path(pid, mapping)
    if (path === '') return undefined
    const key = `${mapping.dev} ${mapping.ino} ${path}`
    const known = this.files.get(key)
    if (known !== undefined && performance.now() < known.until) return known.file
    const file = this.reading.charged(path, ownerOf(pid), () => this.read(path, pid, mapping))
    // a process that has ended leaves no way to its root: another one with the same file may have one
    const until = file === undefined ? performance.now() + TIME.again : Number.POSITIVE_INFINITY
    this.files.keep(key, { file, until }, file?.weight ?? OBJECT.ownBytes)
    return file
  }

  private read(path: string, pid: number, mapping: Mapping): ElfFile | undefined {
    const found = this.open(path, pid, mapping) ?? this.open(path, undefined, mapping)
    return found && { ...found, symbols: this.debugSymbols(found) ?? found.symbols }
  }

  /** Symbols that a distribution keeps apart from the file. */
  private debugSymbols({ buildId }: ElfFile): ElfFile['symbols'] {
    if (buildId === undefined) return undefined
    const path = `/usr/lib/debug/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`
    return this.open(path, undefined)?.symbols
  }

  /**
   * The file at a path if it is the one that is mapped; undefined when it is not, or cannot be read.
   * @param pid the process in whose root the path is one; undefined: in our own
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
