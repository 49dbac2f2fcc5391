// What stacks lack because files were too large, too slow or broken, in sentences for a person.

/** Files that are named one by one, as they come up. */
const NAMED = 3

/** What is said of a file whose functions do not all have their names. */
export class Shortfall {
  private readonly files = new Set<string>()
  private stacks = 0

  constructor(private readonly say: (sentence: string) => void) {}

  /** Not all of a file is used. */
  file(path: string, why: string): void {
    if (this.files.has(path)) return
    this.files.add(path)
    if (this.files.size <= NAMED) this.say(`not all functions of ${path} are named: ${why}`)
  }

  /** So many stacks went on without names. */
  late(stacks: number): void {
    if (this.stacks === 0)
      this.say('reading symbol tables takes long: some stacks have the names of files, not of functions')
    this.stacks += stacks
  }

  /** The capture has ended. */
  end(): void {
    const more = this.files.size - NAMED
    if (more > 0) this.say(`of ${more} more ${more === 1 ? 'file' : 'files'} not all functions are named`)
    if (this.stacks > 0)
      this.say(`${this.stacks} ${this.stacks === 1 ? 'stack has' : 'stacks have'} the names of files, not of functions`)
  }
}
