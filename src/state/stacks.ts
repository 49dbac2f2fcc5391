// What the numbers of stacks mean: texts that ks_stack rows told.
import type { Snapshot } from '../model/snapshot.js'

/** Texts that are kept; of more, those that were told first are forgotten. Rows name none that is older (stacks/source.ts). */
const MOST = 1 << 17

export class Stacks {
  private readonly texts = new Map<number, string>()

  /** Names of functions, outermost first, with semicolons between; undefined: nothing told of that number. */
  text(number: number): string | undefined {
    return this.texts.get(number)
  }

  tell(number: number, text: string): void {
    this.texts.set(number, text)
    if (this.texts.size <= MOST) return
    const [first] = this.texts.keys()
    this.texts.delete(first as number)
  }

  load({ stacks = [] }: Snapshot): void {
    this.texts.clear()
    for (const { number, text } of stacks) this.tell(number, text)
  }

  /** The part of a snapshot that has them; nothing where there are none. */
  save(): Pick<Snapshot, 'stacks'> {
    return this.texts.size === 0 ? {} : { stacks: [...this.texts].map(([number, text]) => ({ number, text })) }
  }
}
