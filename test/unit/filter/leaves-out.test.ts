// Filters of recordings: whether calls are missing of what another filter asks about.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter, leavesOut } from '../../../src/filter/index.js'

const leaves = (recorded: string, asked?: string) =>
  leavesOut(checkFilter(recorded, registry), asked === undefined ? undefined : checkFilter(asked, registry))

test.each([
  ['evt.type=openat', undefined],
  ['evt.type=openat', 'container.name=web'],
  ['evt.type!=futex', 'container.name=web'],
  ['container.name=web and evt.failed=true', 'container.name=web'],
  ['container.name=web and not proc.name=sh', 'container.name=web'],
  ['proc.name=nginx', 'container.name=web'],
  ['not proc.name in (ps)', 'container.id != host'],
  ['proc.name=curl', 'proc.name in (curl, wget)'],
  ['fd.name startswith /etc or container.name=web', undefined],
])('%s lacks calls of %s', (recorded, asked) => expect(leaves(recorded, asked)).toBe(true))

test.each([
  ['container.id != host', 'container.name=web'],
  ['container.name in (web, db)', undefined],
  ['k8s.ns.name=shop and not container.name=db', 'container.id != host'],
  ['container.name=web or evt.type=openat', 'container.name=web'],
  // only events that are no calls are excluded
  ['evt.type != switch', 'container.name=web'],
  ['proc.name=curl', 'proc.name=curl'],
  ['proc.name in (curl, wget)', 'proc.name=curl'],
  ['container.id=host', 'proc.name=curl'],
])('%s has all calls of %s', (recorded, asked) => expect(leaves(recorded, asked)).toBe(false))
