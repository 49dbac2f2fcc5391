// The example on the page about each view: a command line that can be copied and run.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { compileFilter } from '../../../src/filter/index.js'
import { joinFilters } from '../../../src/table/index.js'
import { exampleOf, legend } from '../../../src/tui/layout/legend.js'
import { filterOf } from '../../../src/views/define.js'
import { loadViews } from '../../../src/views/index.js'
import { context } from '../fields/evaluate.js'

test('each view has its own example with a valid filter', async () => {
  for (const view of await loadViews()) {
    const example = exampleOf(view)
    expect(example).toContain(`ksys ui -v ${view.id} `)
    const whole = joinFilters(view.example, filterOf(view)) as string
    expect(() => compileFilter(whole, registry, context()), whole).not.toThrow()
    for (const width of [78, 118]) {
      const lines = legend(view, { containers: true, pods: true }, width).map((l) => l.map(([text]) => text).join(''))
      const at = lines.findIndex((l) => l.startsWith('example'))
      expect(`${lines[at]} ${lines[at + 1]?.trim()}`, view.id).toContain(example)
    }
  }
})
