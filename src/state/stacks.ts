// Stacks by number, from ks_stack rows.
import type { Snapshot } from '../model/snapshot.js'

/**
 * Most retained texts, and characters in them; beyond either, the oldest are dropped. Rows refer to none that is older
 * (stacks/limits.ts).
 */
const MOST = 1 << 19
const MOST_CHARACTERS = 48 << 20

export class Stacks {
  private readonly texts = new Map<number, string>()
  private characters = 0

  /** Names of functions, outermost first, separated by semicolons; undefined: no row described that number. */
  text(number: number): string | undefined {
    return this.texts.get(number)
  }

  add(number: number, text: string): void {
    this.forget(number)
    this.texts.set(number, text)
    this.characters += text.length
    for (const first of this.texts.keys()) {
      if (this.texts.size <= MOST && this.characters <= MOST_CHARACTERS) break
      this.forget(first)
    }
  }

  load({ stacks = [] }: Snapshot): void {
    this.texts.clear()
    this.characters = 0
    for (const { number, text } of stacks) this.add(number, text)
  }

  /** The snapshot member with the stacks; empty if there are none. */
  save(): Pick<Snapshot, 'stacks'> {
    return this.texts.size === 0 ? {} : { stacks: [...this.texts].map(([number, text]) => ({ number, text })) }
  }

  private forget(number: number): void {
    this.characters -= this.texts.get(number)?.length ?? 0
    this.texts.delete(number)
  }
}
