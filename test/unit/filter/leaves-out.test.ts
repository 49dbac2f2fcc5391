// Filters of recordings: whether calls are missing of what another filter asks about.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter, leavesOut, type Whole } from '../../../src/filter/index.js'

const leaves = (recorded: string, asked?: string, whole?: Whole) =>
  leavesOut(checkFilter(recorded, registry), asked === undefined ? undefined : checkFilter(asked, registry), whole)

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

test.each<[string, Whole, boolean]>([
  ['evt.type=openat', 'process', true],
  ['proc.name=curl and fd.name startswith /etc', 'process', true],
  ['proc.name=curl and proc.args contains x', 'process', false],
  ['proc.name=nginx and user.uid=33', 'process', true],
  ['thread.cgroups contains nginx.service', 'process', false],
  ['thread.cgroup.memory endswith nginx.service', 'cgroup', false],
  ['proc.name=nginx', 'cgroup', true],
  ['container.name=web', 'cgroup', false],
  ['thread.cgroups contains web', 'container', true],
])('%s leaves out calls of a %s: %s', (filter, whole, expected) =>
  expect(leaves(filter, undefined, whole)).toBe(expected),
)
