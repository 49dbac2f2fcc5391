// Filters that remove requests or responses: chisels that show pairs of both report why they show nothing.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'

const web = join(root, 'captures/web.ksys')

test.each(['httptop', 'httplog'])('%s reports a filter that removes one side of all exchanges', (name) => {
  const told = (filter: string) => ksys(['-r', web, '-c', name, filter]).stderr
  expect(told('http.status=404')).toContain(
    'nothing is shown for 2 responses without a request: the other side was not captured, or the filter does not pass it',
  )
  expect(told('http.kind=request')).toMatch(/nothing is shown for \d+ requests without a response/)
  for (const filter of ['http.method=GET', 'proc.name=nosuch']) expect(told(filter)).not.toContain('nothing is shown')
})
