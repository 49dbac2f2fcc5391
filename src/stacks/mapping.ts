// Code mapped from a file.

export interface Mapping {
  readonly start: number
  readonly end: number
  /** file offset of `start`; FIRST_CODE: that of the first executable segment */
  readonly offset: number
  readonly ino: number
  /** major << 20 | minor */
  readonly dev: number
  /** relative to the process's root */
  readonly path: string
  /** the program whose dynamic loader this is: its path is in the program's file; undefined: `path` is the file itself */
  readonly interpreterOf?: Mapping
}

export const FIRST_CODE = -1

/** The mapping that contains an address; of several, the last. */
export function mappingAt(mappings: readonly Mapping[], address: number): Mapping | undefined {
  return mappings.findLast((m) => address >= m.start && address < m.end)
}
