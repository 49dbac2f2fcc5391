// Symbol tables of the files that code is mapped from, wherever these are: the path that a process knows is one in its own root.
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { type ElfFile, readElf } from './elf.js'
import type { Mapping } from './mappings.js'

const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants
/** Bytes of symbol tables that are kept; beyond, those that were read first are read again when they are asked for. */
const MOST_BYTES = 96 << 20

export class ObjectFiles {
  private readonly files = new Map<string, ElfFile | undefined>()
  private bytes = 0

  /** Name of the function at an address in a mapping of process pid; undefined where its file has none. */
  name(pid: number, mapping: Mapping, address: number): string | undefined {
    const file = this.of(pid, mapping)
    const at = file?.addressOf(address - mapping.start + mapping.offset)
    return at === undefined ? undefined : file?.symbols?.at(at)
  }

  private of(pid: number, mapping: Mapping): ElfFile | undefined {
    const key = `${mapping.dev} ${mapping.ino} ${mapping.path}`
    const known = this.files.get(key)
    if (known !== undefined || this.files.has(key)) return known
    const found = open(`/proc/${pid}/root${mapping.path}`, mapping) ?? open(mapping.path, mapping)
    const file = found && { ...found, symbols: debugSymbols(found) ?? found.symbols }
    // a process that has ended leaves no way to its root: another one with the same file may have one
    if (file !== undefined) this.keep(key, file)
    return file
  }

  private keep(key: string, file: ElfFile): void {
    this.files.set(key, file)
    this.bytes += file.symbols?.weight ?? 0
    for (const [first, old] of this.files) {
      if (this.bytes <= MOST_BYTES || first === key) break
      this.files.delete(first)
      this.bytes -= old?.symbols?.weight ?? 0
    }
  }
}

/** Symbols that a distribution keeps apart from the file. */
function debugSymbols({ buildId }: ElfFile): ElfFile['symbols'] {
  if (buildId === undefined) return undefined
  return open(`/usr/lib/debug/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`)?.symbols
}

/** The file at a path if it is the one that is mapped; undefined when it is not, or cannot be read. */
function open(path: string, mapping?: Mapping): ElfFile | undefined {
  let fd: number | undefined
  try {
    fd = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    const stat = fstatSync(fd)
    if (!stat.isFile() || (mapping !== undefined && stat.ino !== mapping.ino)) return undefined
    return readElf(fd)
  } catch {
    return undefined
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
