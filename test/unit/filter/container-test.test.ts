// The containers whose threads are read completely from a file: the conditions of a filter on the container alone.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter } from '../../../src/filter/index.js'
import { containerTest } from '../../../src/filter/planners/container-test.js'
import { Container, unnamed } from '../../../src/model/container.js'
import { FdTable, Thread } from '../../../src/model/thread.js'
import { context } from '../fields/evaluate.js'

function inContainer(name: string, image = 'nginx:1'): Thread {
  const c = new Container(name.padEnd(12, '0'), name.padEnd(64, '0'), 'docker')
  c.info = { ...unnamed(c.fullId, 'docker'), name, partial: false, image }
  const t = new Thread(7, 7, new FdTable())
  t.container = c
  return t
}
const threads = [inContainer('web'), inContainer('api'), inContainer('db', 'postgres:9')]
const selected = (text: string): (string | undefined)[] | undefined => {
  const test = containerTest(checkFilter(text, registry), context())
  return test && threads.filter(test).map((t) => t.container?.info?.name)
}

test.each([
  ['container.name=web', ['web']],
  ['container.name=web and proc.name=cat', ['web']],
  ['container.name=web and evt.type=read and container.image contains nginx', ['web']],
  ['container.name=web and container.image contains postgres', []],
  ['container.name=web or container.name=api', ['web', 'api']],
  ['(container.name=web and proc.name=cat) or (container.name=db and proc.name=ls)', ['web', 'db']],
  ['toupper(container.name)=WEB', ['web']],
  ['proc.name=cat and (container.name=web or container.image contains postgres)', ['web', 'db']],
  ['container.image contains nginx and not container.name=web', ['api']],
])('%s selects the threads of %j', (text, names) => expect(selected(text)).toEqual(names))

test.each([
  'proc.name=cat',
  'container.name=web or proc.name=cat',
  'not (container.name=web and proc.name=cat)',
  'not container.name=web',
  'container.id=host',
  'toupper(proc.name)=WEB',
  'container.name=val(proc.name)',
  'concat(container.name, proc.name)=webcat',
])('%s does not depend on the container alone', (text) => expect(selected(text)).toBeUndefined())
