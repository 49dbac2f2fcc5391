// Names of a parameter's values: one by one, or of its bits.

/**
 * Symbolic constants of a flags or enum parameter. `ppm` is libs' portable value: what is printed, compared and kept in
 * .scap files. `native` is the kernel's own value (x86-64's; see arm64), what a live capture records; equal to `ppm` when omitted.
 */
export interface FlagTable {
  readonly name: string
  /** In printing order (libs' table order; multi-bit names before the bits they consume). */
  readonly entries: readonly (readonly [name: string, ppm: number, native?: number])[]
  /** Converts a kernel value to libs' one when the entry-wise rule (flags: OR of matches; enums: equal) is not enough. */
  readonly fromNative?: (value: number) => number
  /** the kernel's own constants, unknown to libs: values stay as they are, and bits without a name are shown as a number */
  readonly own?: boolean
  /** kernel values that libs has no name for: a live capture names them too, libs' value does not have them */
  readonly more?: FlagTable
  /** kernel's bits that mean something else than names of entries and of `more`: a live capture shows those left over as a number.
   * Needed where fromNative decides what bits mean; without both nothing is left over */
  readonly mask?: number
  /** names of a kernel's value where neither bits nor values one by one tell them all */
  readonly names?: (value: number) => string | undefined
  /** the table of arm64, where its kernel's values differ */
  readonly arm64?: FlagTable
}
