// The functions that an ELF file names (System V ABI, chapter 4). A file has at most one section of each kind of symbol table, as the ABI
// says: of more, the first counts.
import type { Section } from './elf-section.js'
import { Cut, type FileBytes } from './file-bytes.js'
import { LONGEST_NAME, OBJECT } from './limits.js'
import { SymbolList, SymbolTable } from './symbol-table.js'
import { u64 } from './u64.js'

/** SHT_DYNSYM comes first: where SHT_SYMTAB names the same function, that counts. */
const KINDS = [11, 2] as const
const SYMBOL = 24
/** STT_FUNC and STT_GNU_IFUNC */
const FUNC = 2
const IFUNC = 10

/** What an ELF file names. */
export interface Named {
  /** undefined: the file has no symbols, or none that are used */
  readonly symbols: SymbolTable | undefined
  /** why some are not used; undefined: all are */
  readonly cut: string | undefined
}

/** The strings of a file's symbol tables, one after another. */
class Strings {
  private readonly parts: { readonly section: Section; readonly bytes: Buffer; readonly at: number }[] = []
  bytes = 0

  /** Where the strings of a section begin; undefined: they are not in the file. Throws Cut. */
  add(file: FileBytes, section: Section): number | undefined {
    const known = this.parts.find((p) => p.section === section)
    if (known !== undefined) return known.at
    if (this.bytes + section.size > OBJECT.stringBytes)
      throw new Cut(`the names in its symbol tables have more than ${OBJECT.stringBytes >> 20} MiB`)
    const bytes = file.read(section.offset, section.size)
    if (bytes === undefined) return undefined
    const at = this.bytes
    this.parts.push({ section, bytes, at })
    this.bytes += bytes.length
    return at
  }

  /** The text that begins at a place, cut where it is longer than any name that is shown. */
  text(place: number): string {
    const part = this.parts.findLast((p) => p.at <= place)
    if (part === undefined) return ''
    const from = place - part.at
    const text = part.bytes.subarray(from, from + LONGEST_NAME + 1)
    const end = text.indexOf(0)
    return text.toString('latin1', 0, end < 0 ? text.length : end)
  }
}

/** Reads the symbol tables of a file. */
export function symbolsOf(file: FileBytes, sections: readonly Section[]): Named {
  const list = new SymbolList()
  const strings = new Strings()
  let cut: string | undefined
  for (const kind of KINDS) {
    const before = list.length
    try {
      const [section, second] = sections.filter((s) => s.type === kind)
      if (section !== undefined) addTable(file, sections, section, strings, list)
      if (second !== undefined) cut = 'it has several symbol tables of one kind, of which the first is used'
    } catch (e) {
      if (!(e instanceof Cut)) throw e
      // a part of a table would give the names of its last functions to those that follow
      list.length = before
      cut = e.message
    }
  }
  if (list.length === 0) return { symbols: undefined, cut }
  return { symbols: new SymbolTable(list, (place) => strings.text(place), strings.bytes), cut }
}

function addTable(
  file: FileBytes,
  sections: readonly Section[],
  section: Section,
  strings: Strings,
  list: SymbolList,
): void {
  const link = sections[section.link]
  const size = section.size - (section.size % SYMBOL)
  if (link === undefined || !file.has(section.offset, size) || !file.has(link.offset, link.size)) return
  if (size > OBJECT.tableBytes) throw new Cut(`its symbol table has more than ${OBJECT.tableBytes >> 20} MiB`)
  const base = strings.add(file, link)
  if (base === undefined) return
  file.pieces(section.offset, size, SYMBOL, (piece) => {
    for (let at = 0; at < piece.length; at += SYMBOL) {
      const type = (piece[at + 4] as number) & 15
      if ((type !== FUNC && type !== IFUNC) || piece.readUInt16LE(at + 6) === 0) continue
      const name = piece.readUInt32LE(at)
      if (name >= link.size) continue
      if (list.length >= OBJECT.functions) throw new Cut(`it has more than ${OBJECT.functions} functions`)
      list.add(u64(piece, at + 8), u64(piece, at + 16), base + name)
    }
  })
}
