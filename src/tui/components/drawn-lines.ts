// The lines of the screen, taken from Ink's boxes after layout. Ink itself would split each line into styled cells and join
// them again in each frame, whether the line has changed or not: four fifths of the cost of a frame.
import type { DOMElement } from 'ink'

/** What line.tsx stores in the box of a line. */
export interface LineAttributes {
  /** clean text with escape sequences for colours only */
  readonly text: string
  /** its width */
  readonly cells: number
}

/** A line as far as it has been put together from the boxes side by side, and its width. */
interface DrawnLine {
  text: string
  cells: number
}

/** The text of each line of the screen, from top to bottom, without blanks at its end. `root` has been laid out by Ink. */
export function drawnLines(root: DOMElement): string[] {
  const lines: DrawnLine[] = []
  place(root, 0, 0, lines)
  return Array.from(lines, (line) => line?.text.trimEnd() ?? '')
}

/** Adds the lines of a box and of the boxes in it; left, top: the position of the box around it. */
function place({ yogaNode, attributes, childNodes }: DOMElement, left: number, top: number, lines: DrawnLine[]): void {
  if (yogaNode === undefined) return
  const x = left + yogaNode.getComputedLeft()
  const y = top + yogaNode.getComputedTop()
  const { text, cells } = attributes
  if (typeof text === 'string' && typeof cells === 'number') add({ text, cells }, x, y, lines)
  for (const child of childNodes) if ('childNodes' in child) place(child, x, y, lines)
}

/** Adds text at a position, right of what its line already has. */
function add({ text, cells }: DrawnLine, x: number, y: number, lines: DrawnLine[]): void {
  const line = lines[y] ?? { text: '', cells: 0 }
  // a box that starts further left covers the line: the screen is too low for all
  if (x < line.cells) lines[y] = { text: ' '.repeat(x) + text, cells: x + cells }
  else lines[y] = { text: line.text + ' '.repeat(x - line.cells) + text, cells: x + cells }
}
