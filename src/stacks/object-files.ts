// Symbol tables of the files that code is mapped from, wherever these are: the path that a process knows is one in its own root.
import { withForeign } from '../source/foreign/file.js'
import { type ElfFile, readElf } from './elf.js'
import { FIRST_CODE, type Mapping } from './mappings.js'

/** Bytes of symbol tables that are kept; beyond, those that were read first are read again when they are asked for. */
const MOST_BYTES = 96 << 20

export class ObjectFiles {
  private readonly files = new Map<string, ElfFile>()
  private bytes = 0

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
    if (known !== undefined) return known
    const found = open(`/proc/${pid}/root`, path, mapping) ?? open('/', path, mapping)
    // a process that has ended leaves no way to its root: another one with the same file may have one
    if (found === undefined) return undefined
    const file = { ...found, symbols: debugSymbols(found) ?? found.symbols }
    this.keep(key, file)
    return file
  }

  private keep(key: string, file: ElfFile): void {
    this.files.set(key, file)
    this.bytes += file.symbols?.weight ?? 0
    for (const [first, old] of this.files) {
      if (this.bytes <= MOST_BYTES || first === key) break
      this.files.delete(first)
      this.bytes -= old.symbols?.weight ?? 0
    }
  }
}

/** Symbols that a distribution keeps apart from the file. */
function debugSymbols({ buildId }: ElfFile): ElfFile['symbols'] {
  if (buildId === undefined) return undefined
  return open('/', `/usr/lib/debug/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`)?.symbols
}

/** The file at a path below a root if it is the one that is mapped; undefined when it is not, or cannot be read. */
function open(root: string, path: string, mapping?: Mapping): ElfFile | undefined {
  const ino = mapping?.ino ?? 0
  try {
    return withForeign({ root, path, links: true }, (file) => ino === 0 || file.ino === ino, readElf)
  } catch {
    return undefined
  }
}
