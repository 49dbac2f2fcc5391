// A list of texts as the kernel has command lines and environments: one text, each item ended by NUL. Most are never looked
// at, so it is taken apart when somebody does.

export class TextList {
  static readonly EMPTY = new TextList('')
  private list: string[] | undefined

  /** truncated: only a part of it was recorded, which its length need not tell (see truncation.ts). */
  constructor(
    private text: string,
    readonly truncated = false,
  ) {}

  /** A list of these items. */
  static of(items: string[], truncated = false): TextList {
    if (items.length === 0 && !truncated) return TextList.EMPTY
    const made = new TextList('', truncated)
    made.list = items
    return made
  }

  get items(): string[] {
    if (this.list === undefined) {
      this.list = splitList(this.text)
      this.text = ''
    }
    return this.list
  }
}

/** The items of a NUL separated list; a last empty one is dropped. */
export function splitList(text: string): string[] {
  if (text === '') return []
  const items = text.split('\0')
  if (items[items.length - 1] === '') items.pop()
  return items
}
