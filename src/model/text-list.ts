// A list of strings as the kernel stores command lines and environments: one text, each item terminated by NUL. Most lists are
// never read, so the text is split on first use.

export class TextList {
  static readonly EMPTY = new TextList('')
  private list: string[] | undefined

  /** truncated: only the start was recorded, which its length may not show (see truncation.ts). */
  constructor(
    private text: string,
    readonly truncated = false,
  ) {}

  /** A list of these items. */
  static of(items: string[], truncated = false): TextList {
    if (items.length === 0 && !truncated) return TextList.EMPTY
    const list = new TextList('', truncated)
    list.list = items
    return list
  }

  get items(): string[] {
    if (this.list === undefined) {
      this.list = splitList(this.text)
      this.text = ''
    }
    return this.list
  }
}

/** The items of a NUL-separated list; an empty last item is dropped. */
export function splitList(text: string): string[] {
  if (text === '') return []
  const items = text.split('\0')
  if (items[items.length - 1] === '') items.pop()
  return items
}
