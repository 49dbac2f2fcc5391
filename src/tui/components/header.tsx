// The first two lines: the path of pages, the source, and the machine's numbers.

import { Box } from 'ink'
import { GLYPHS } from '../../model/glyphs.js'
import { bothEnds, lineWidth, type Span } from '../layout/spans.js'
import type { Page } from '../model/model.js'
import { clean } from '../terminal/width.js'
import type { Meter } from '../worker/messages.js'
import { Line } from './line.js'
import { itemsThatFit } from './meter-items.js'

interface HeaderProps {
  readonly width: number
  /** from the first page to the present one */
  readonly pages: readonly Page[]
  /** status texts of the capture or file; the first one that leaves space for the path is shown */
  readonly status: readonly string[]
  readonly meter: Meter | undefined
  readonly live: boolean
  /** percent of a CPU that ksys uses */
  readonly own: number
}

export function Header({ width, pages, status, meter, live, own }: HeaderProps) {
  const whole = way(pages)
  const fits = status.find((text) => lineWidth(whole) + lineWidth([[`${text} `, 'bar']]) < width)
  const right: Span[] = [[`${fits ?? status.at(-1)} `, 'bar']]
  const left = shorten(whole, width - lineWidth(right) - 1)
  return (
    <Box flexDirection="column">
      <Line spans={bothEnds(left, right, width, 'bar')} width={width} />
      {meter === undefined ? (
        <Line spans={[[' waiting for the first numbers', 'dim']]} width={width} />
      ) : (
        <Line spans={itemsThatFit(meter, live, own, width)} width={width} />
      )}
    </Box>
  )
}

/** The program's name, and the path to the present page. */
function way(pages: readonly Page[]): Span[] {
  const spans: Span[] = [[' ksys ', 'barAccent']]
  for (const [i, p] of pages.entries()) {
    if (i > 0) spans.push([` ${GLYPHS.into} `, 'barDim'], [clean(p.drill?.label ?? ''), 'bar'], [' ', 'bar'])
    spans.push([p.view.name, i === pages.length - 1 ? 'barAccent' : 'barDim'])
  }
  return spans
}

/** Shortens a path at its start. */
function shorten(spans: Span[], width: number): Span[] {
  let out = spans
  while (lineWidth(out) > width && out.length > 4)
    out = [out[0] as Span, [GLYPHS.cut, 'barDim'], ...out.slice(out[1]?.[0] === GLYPHS.cut ? 3 : 2)]
  return out
}
