// A menu over the table: items on the left, the description of the marked one beside them.

import { Box } from 'ink'
import { GLYPHS } from '../../model/glyphs.js'
import { aboutWidth, MENU, MENU_GAP, type MenuItems, menuTop } from '../layout/menu.js'
import type { Span } from '../layout/spans.js'
import { fit } from '../terminal/width.js'
import { Line, Lines } from './line.js'

interface MenuProps extends MenuItems {
  readonly width: number
  /** including the title */
  readonly lines: number
  /** the marked item */
  readonly at: number
  /** its description */
  readonly about: readonly (readonly Span[])[]
}

export function Menu({ title, items, now, width, lines, at, about }: MenuProps) {
  const room = lines - 1
  const top = menuTop(at, items.length, room)
  return (
    <Box flexDirection="column" flexGrow={1}>
      <Line spans={[[` ${title}`, 'sorted']]} width={width} fill="titles" />
      <Box columnGap={MENU_GAP}>
        <Box flexDirection="column" width={MENU} flexShrink={0}>
          {items.slice(top, top + room).map((item, i) => (
            <Item key={top + i} name={item} now={top + i === now} marked={top + i === at} />
          ))}
        </Box>
        <Box flexDirection="column">
          <Lines lines={about.slice(0, room)} width={aboutWidth(width)} />
        </Box>
      </Box>
    </Box>
  )
}

interface ItemProps {
  readonly name: string
  /** it is in effect */
  readonly now: boolean
  readonly marked: boolean
}

function Item({ name, now, marked }: ItemProps) {
  return (
    <Line spans={[[fit(` ${now ? GLYPHS.bullet : ' '} ${name}`, MENU), marked ? 'selected' : 'text']]} width={MENU} />
  )
}
