// Reads the functions in the symbol tables of an ELF file (System V ABI, chapter 4). The ABI allows at most one section of each kind of symbol
// table; of several, the first is used.
import { Cut, type FileBytes, u64 } from './file-bytes.js'
import { LONGEST_NAME, OBJECT } from './limits.js'
import { SymbolList, SymbolTable } from './symbol-table.js'

/** SHT_DYNSYM comes first, because for a function in both tables SHT_SYMTAB takes precedence. */
const KINDS = [11, 2] as const
const SYMBOL = 24
/** STT_FUNC and STT_GNU_IFUNC */
const FUNC = 2
const IFUNC = 10

/** The symbols of an ELF file. */
export interface Named {
  /** undefined: the file has no symbols, or all were skipped */
  readonly symbols: SymbolTable | undefined
  /** why some symbols are skipped; undefined: all are used */
  readonly cut: string | undefined
}

/** The string tables of a file's symbol tables, concatenated. */
class Strings {
  private readonly parts: { readonly section: Section; readonly bytes: Buffer; readonly at: number }[] = []
  bytes = 0

  /** The offset at which the strings of a section start; undefined: they are not in the file. Throws Cut. */
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

  /** The text at an offset, truncated beyond the longest name that is shown. */
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
      if (second !== undefined) cut = 'it has several symbol tables of one kind; only the first is used'
    } catch (e) {
      if (!(e instanceof Cut)) throw e
      // with a partial table, the functions that follow would get the names of its last ones
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

/** A section, from its header. */
export interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  /** index of the section with its strings */
  readonly link: number
}
