/** A section as its header describes it. */
export interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  /** index of the section with its texts */
  readonly link: number
}
