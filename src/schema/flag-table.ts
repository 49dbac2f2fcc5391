// Names of a parameter's values, or of its bits.

/**
 * Symbolic constants of a flags or enum parameter. `ppm` is libs' portable value: it is printed, compared and stored in .scap
 * files. `native` is the kernel's own value (x86-64's; see arm64), which a live capture records; equal to `ppm` if omitted.
 */
export interface FlagTable {
  readonly name: string
  /** In printing order (libs' table order; multi-bit names before the bits they consume). */
  readonly entries: readonly (readonly [name: string, ppm: number, native?: number])[]
  /** Converts a kernel value to libs' one if the entry-wise rule (flags: OR of matches; enums: equal) is not enough. */
  readonly fromNative?: (value: number) => number
  /** the kernel's own constants, unknown to libs: values stay as they are, and bits without a name are shown as a number */
  readonly own?: boolean
  /** kernel values that libs has no name for: a live capture names them too, libs' value does not include them */
  readonly more?: FlagTable
  /**
   * kernel bits that belong to neither entries nor `more`: a live capture shows the remaining bits as a number. Needed if
   * fromNative decides the meaning of bits; without both nothing remains
   */
  readonly mask?: number
  /** names of a kernel value, if neither bits nor single values name all of it */
  readonly names?: (value: number) => string | undefined
  /** the table of arm64, if its kernel's values differ */
  readonly arm64?: FlagTable
}
