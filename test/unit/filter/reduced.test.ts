// Conditions that contradict themselves: which of them are recognised, and which only look as if they did.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { printExpr } from '../../../src/filter/ast.js'
import { FALSE, TRUE } from '../../../src/filter/bytype.js'
import { checkFilter } from '../../../src/filter/compile.js'
import { FoldByType } from '../../../src/filter/fold-by-type.js'
import { Interner } from '../../../src/filter/intern.js'
import type { Node } from '../../../src/filter/typed.js'
import { codeOf } from './world.js'

function text(n: Node): string {
  if (n.kind === 'test') return printExpr(n.check)
  if (n.kind === 'not') return `not ${text(n.item)}`
  return `(${n.items.map(text).join(` ${n.kind} `)})`
}

function reduced(condition: string, event = 'read'): string {
  const interner = new Interner()
  const root = interner.node(checkFilter(condition, registry).root)
  const folded = new FoldByType(interner, () => true).reduce(root, codeOf(event))
  return folded === FALSE ? 'never' : folded === TRUE ? 'always' : text(folded as Node)
}

test.each([
  ['fd.l4proto=tcp and fd.l4proto!=tcp'],
  ['fd.l4proto=tcp and fd.l4proto=udp'],
  ['fd.l4proto=tcp and not fd.l4proto exists'],
  ['fd.l4proto in (tcp, udp) and not fd.l4proto in (udp, tcp, icmp)'],
  ['proc.name=sh and proc.name startswith b'],
  ['proc.exe startswith /usr/ and proc.exe startswith /bin/'],
  ['proc.exe startswith /usr/bin and not proc.exe startswith /usr'],
  ['proc.exe endswith ssh and not proc.exe contains ss'],
  ['proc.ppid>5 and proc.ppid<=5'],
  ['not proc.ppid<5 and proc.ppid<4'],
  ['proc.ppid=3 and proc.ppid>=4'],
  ['fd.snet=10.0.0.0/8 and fd.snet=192.168.0.0/16'],
  ['fd.snet in (10.1.0.0/16, 10.2.0.0/16) and not fd.snet=10.0.0.0/8'],
  ['fd.sip=10.1.2.3 and fd.sip!=10.1.2.3'],
  ['fd.ip=10.1.2.3 and fd.ip!=10.1.2.3'],
  ['proc.is_exe_writable!=true and proc.is_exe_writable!=false'],
  ['proc.is_exe_writable=true and proc.is_exe_writable=false'],
  ['toupper(proc.name)=A and toupper(proc.name)=B'],
  ['proc.name=val(proc.pname) and not proc.name=val(proc.pname)'],
])('no event passes: %s', (condition) => {
  expect(reduced(condition)).toBe('never')
})

test.each<[condition: string, why?: string]>([
  ['fd.l4proto!=tcp and not fd.l4proto=udp'],
  ['not fd.l4proto=tcp and not fd.l4proto!=tcp', 'a missing value fails both'],
  ['not proc.ppid<5 and not proc.ppid>=5', 'a missing value fails both'],
  ['not proc.is_exe_writable=true and not proc.is_exe_writable=false', 'a missing value fails both'],
  ['fd.ip=10.1.2.3 and fd.ip=10.1.2.4', 'one address of each side'],
  ['fd.port=1 and fd.port=2', 'one port of each side'],
  ['fd.net=10.0.0.0/8 and fd.net=192.168.0.0/16', 'one network of each side'],
  ['proc.aname=a and proc.aname!=a', 'any ancestor may differ'],
  ['proc.name startswith a and proc.name startswith ab'],
  ['proc.name contains a and not proc.name contains ab'],
  ['proc.ppid>=5 and proc.ppid<=5'],
  ['fd.snet=10.0.0.0/8 and not fd.snet=10.1.0.0/16'],
])('an event may pass: %s', (condition) => {
  expect(reduced(condition)).not.toBe('never')
})

const OUTBOUND = `((evt.type=connect or (evt.type in (sendto, sendmsg) and fd.l4proto!=tcp and fd.connected=false)) and
  fd.typechar in (4, 6) and fd.ip!="0.0.0.0" and fd.net!="127.0.0.0/8" and evt.rawres>=0)`

test('an arm for one type of event that contradicts the rest of the condition makes the type never match', () => {
  const condition = `${OUTBOUND} and proc.exe endswith ssh and fd.l4proto=tcp and fd.sport!=22`
  expect(reduced(condition, 'sendto')).toBe('never')
  expect(reduced(condition, 'sendmsg')).toBe('never')
  expect(reduced(condition, 'connect')).toContain('proc.exe endswith ssh')
})

test('only the arm that contradicts the rest is removed', () => {
  expect(reduced('proc.name=a and (proc.name=b or fd.name=x or (proc.name!=a and fd.name=y))')).toBe(
    '(fd.name=x and proc.name=a)',
  )
})

test('what follows from the rest is removed', () => {
  expect(reduced('proc.name=a and (proc.name in (a, b) and proc.name exists or fd.num=3)')).toBe('proc.name=a')
  expect(reduced('proc.ppid>7 or (proc.ppid<=7 and fd.name=x)')).toContain('fd.name=x')
  expect(reduced('proc.ppid exists and (proc.ppid>7 or proc.ppid<=7)')).toBe('proc.ppid exists')
})

test('a hostile condition is reduced in bounded time', () => {
  let condition = 'proc.name=x'
  for (let i = 0; i < 200; i++)
    condition = `(proc.name!=a${i} ${i % 2 === 0 ? 'and' : 'or'} (${condition} ${i % 2 === 0 ? 'or' : 'and'} fd.num!=${i}))`
  expect(reduced(condition)).not.toBe('never')
})
