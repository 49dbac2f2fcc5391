// Code that is mapped from a file.

export interface Mapping {
  readonly start: number
  readonly end: number
  /** of `start`, in the file; FIRST_CODE: that of the first segment of code */
  readonly offset: number
  readonly ino: number
  /** major << 20 | minor */
  readonly dev: number
  /** from the process's root */
  readonly path: string
  /** it is the interpreter of that program, whose path is in the program's file; undefined: it is the file itself */
  readonly interpreterOf?: Mapping
}

export const FIRST_CODE = -1

/** The mapping that an address is in; of several, the last. */
export function mappingAt(mappings: readonly Mapping[], address: number): Mapping | undefined {
  return mappings.findLast((m) => address >= m.start && address < m.end)
}
