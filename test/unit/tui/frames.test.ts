// Frames as they reach the terminal: the output of the components, complete, without clearing or scrolling the screen.
import { afterEach, describe, expect, test } from 'vitest'
import { type Mounted, mount } from '../../../src/tui/components/mount.js'
import { Screen } from '../../../src/tui/terminal/screen.js'
import { BACK, DOWN, ENTER, THEME, Ui } from './ui.js'
import { Xterm } from './xterm.js'

const many = Array.from({ length: 100 }, (_, i) => i + 1)
let mounted: Mounted | undefined
afterEach(() => mounted?.unmount())

/** A UI that is drawn on such a screen; `shown` is fulfilled when the screen has the expected contents. */
function drawn(width: number, height: number) {
  const ui = new Ui({ width, height }).rows(...many)
  const screen = new Xterm(width, height)
  const output = new Screen({ write: (text) => screen.write(text) }, height)
  const m = mount(ui.state, THEME, output, (e) => {
    throw e
  })
  mounted = m
  const shown = async () => {
    m.show(ui.state, THEME)
    await expect.poll(() => screen.text(), { timeout: 20_000 }).toBe(ui.text())
  }
  return { ui, screen, output, shown, m }
}

describe('the screen', () => {
  test.each([
    [120, 40],
    [80, 24],
    [41, 9],
    [10, 3],
  ])('of %dx%d shows what the components draw, whatever is typed, and is never cleared', async (width, height) => {
    const { ui, screen, shown } = drawn(width, height)
    await shown()
    for (const keys of [DOWN, '\x1b[6~', 'v', DOWN, BACK, '?', '\x1b[6~', BACK, '\\fd.', '\x1b', 'G', ENTER, 'p']) {
      ui.type(keys)
      await shown()
    }
    expect(screen.spoiled).toBe(0)
  })

  test('is written only where it has changed', async () => {
    const { ui, screen, shown } = drawn(120, 40)
    await shown()
    screen.touched.clear()
    ui.type(DOWN)
    await shown()
    // two rows, and the position on the last line
    expect([...screen.touched]).toEqual([5, 6, 39])
  })

  test('is not written after the UI has released it', async () => {
    const { ui, screen, output, shown, m } = drawn(80, 24)
    await shown()
    const before = screen.text()
    output.close()
    m.show(ui.type('?').state, THEME)
    m.unmount()
    await new Promise((done) => setTimeout(done, 100))
    expect(screen.text()).toBe(before)
    mounted = undefined
  })
})
