// The lines of the screen, ready for the terminal. Ink would take each apart into styled cells and join it again, most of
// what a frame costs; lines are cut to their cells already. So Ink is given one character for each, which changes when it does.

const MARKS = ['-', '='] as const

export class Lines {
  private texts: string[] = []
  private readonly turns: number[] = []

  /** Puts a line at its place; the character that stands for it in Ink's frame. */
  put(at: number, text: string): string {
    if (this.texts[at] !== text) {
      this.texts[at] = text
      this.turns[at] = 1 - (this.turns[at] ?? 0)
    }
    return MARKS[this.turns[at] as 0 | 1]
  }

  /** Every line counts as changed from here on. */
  forget(): void {
    this.texts = []
  }

  /** The first lines, from the top. */
  first(count: number): string[] {
    return this.texts.slice(0, count)
  }
}
