// Fields that can have no value in this run: using one is reported once, and the run continues.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { absentFields } from '../../../src/cli/query/absent-fields.js'
import { registry } from '../../../src/fields/index.js'
import { checkFilter } from '../../../src/filter/index.js'
import { ksys, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'
import { info } from '../state/world.js'

const dir = scratchDir('absent')
const [web, shell] = ['web', 'shell'].map((name) => join(root, `captures/${name}.ksys`)) as [string, string]

test('a filter on a field that only the API server knows is reported once, whatever is read', () => {
  const run = ksys(['-r', web, '-r', shell, 'k8s.svc.name=web or k8s.rc.label.app=x'])
  expect(run).toMatchObject({ code: 0, stdout: '' })
  expect(run.stderr).toBe(
    'ksys: k8s.svc.name, k8s.rc.label.app have no value here: only the Kubernetes API server has it, and ksys does not query that; ' +
      'comparing it is never true\n',
  )
})

test('a printed field without values is reported, and the lines are printed', () => {
  const run = ksys(['-r', web, '-n', '2', '-p', '*%evt.num %k8s.svc.id', 'evt.type=read'])
  expect(run.stdout).toMatch(/^\d+ <NA>\n\d+ <NA>\n$/)
  expect(run.stderr).toMatch(
    /^ksys: k8s.svc.id has no value here: only the Kubernetes API server has it, and ksys does not query that\n$/,
  )
})

test('a field of a chisel is reported too; fields that may have a value are not mentioned', () => {
  expect(ksys(['-r', web, '-c', 'topscalls', 'k8s.deployment.labels exists']).stderr).toMatch(
    /^ksys: k8s.deployment.labels has/,
  )
  for (const filter of ['k8s.pod.name=x', 'k8s.rs.name=x', 'container.name=x'])
    expect(ksys(['-r', web, filter]).stderr).toBe('')
})

test('events that only other tools record are reported as missing in captures by ksys alone', () => {
  const filter = 'evt.infra.docker.name=start or evt.pluginname=k8saudit'
  expect(ksys(['-r', web, filter]).stderr).toMatch(
    /evt.infra.docker.name has no value here: .*\n.*evt.pluginname has no value/,
  )
  const scap = join(dir, 'mix.scap')
  writeFileSync(scap, gunzipSync(readFileSync(join(root, 'test/golden/captures/mix.scap.gz'))))
  expect(ksys(['-r', scap, filter]).stderr).toBe('')
})

test('live, metadata from container runtimes is reported as missing if no runtime is queried', () => {
  const q = {
    filter: checkFilter('container.name=web and container.id!=host', registry),
    format: '',
    printed: [],
    color: false,
  }
  expect(absentFields(q, info, { containerMetadata: true })).toEqual([])
  expect(absentFields(q, info, { containerMetadata: false })).toEqual([
    'container.name has no value here: no runtime is queried with --no-container-metadata; comparing it is never true',
  ])
  expect(absentFields(q, { ...info, kind: 'ksys' }, { containerMetadata: false })).toEqual([])
})
