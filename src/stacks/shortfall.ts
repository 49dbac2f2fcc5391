// Messages about stacks that are incomplete because files were too large, too slow or broken.

/** Number of files that are reported individually. */
const NAMED = 3

/** Collects and reports files whose functions do not all have names. */
export class Shortfall {
  private readonly files = new Set<string>()
  private stacks = 0

  constructor(private readonly report: (sentence: string) => void) {}

  /** Reports a file that is used only in part. */
  file(path: string, why: string): void {
    if (this.files.has(path)) return
    this.files.add(path)
    if (this.files.size <= NAMED) this.report(`not all functions of ${path} are named: ${why}`)
  }

  /** Counts stacks that were delivered without function names. */
  late(stacks: number): void {
    if (this.stacks === 0)
      this.report('reading symbol tables takes too long: some stacks contain file names instead of function names')
    this.stacks += stacks
  }

  /** Reports totals at the end of the capture. */
  end(): void {
    const more = this.files.size - NAMED
    if (more > 0) this.report(`not all functions of ${more} more ${more === 1 ? 'file' : 'files'} are named`)
    if (this.stacks > 0)
      this.report(
        `${this.stacks} ${this.stacks === 1 ? 'stack contains' : 'stacks contain'} file names instead of function names`,
      )
  }
}
